package io.elanus.chaos.fault;

import io.elanus.chaos.system.Member;
import java.time.Duration;

record ProcessFault(
    String name, Member member, Duration minHold, Duration maxHold, Runnable in, Runnable out)
    implements Fault {
  @Override
  public String target() {
    return member.name();
  }

  @Override
  public void inject() {
    in.run();
  }

  @Override
  public void heal() {
    out.run();
  }
}
