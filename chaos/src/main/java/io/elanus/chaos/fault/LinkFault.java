package io.elanus.chaos.fault;

import io.elanus.chaos.fault.TcpProxy.Weather;
import java.time.Duration;

/// Bad weather on one link.
record LinkFault(
    String target, String what, TcpProxy link, Weather weather, Duration minHold, Duration maxHold)
    implements Fault {
  @Override
  public String name() {
    return target + ": " + what;
  }

  @Override
  public void inject() {
    link.weather(weather);
  }

  @Override
  public void heal() {
    link.weather(Weather.FINE);
  }
}
