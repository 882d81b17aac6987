package io.elanus.chaos.fault;

import io.elanus.chaos.fault.TcpProxy.Weather;
import java.time.Duration;

/// One process is cut off from a server that all others reach.
record CutFault(String target, long pid, TcpProxy link, Duration minHold) implements Fault {
  @Override
  public String name() {
    return target + " cut off from the metastore";
  }

  @Override
  public Duration maxHold() {
    return minHold;
  }

  @Override
  public void inject() {
    link.weather(pid, Weather.CUT);
  }

  @Override
  public void heal() {
    link.weather(pid, Weather.FINE);
  }
}
