package io.elanus.chaos.fault;

import io.elanus.chaos.fault.HttpProxy.Storm;
import java.time.Duration;

/// A storm before S3.
record StormFault(String name, HttpProxy proxy, Storm storm, Duration minHold, Duration maxHold)
    implements Fault {
  @Override
  public String target() {
    return "s3 link";
  }

  @Override
  public void inject() {
    proxy.storm(storm);
  }

  @Override
  public void heal() {
    proxy.storm(Storm.NONE);
  }
}
