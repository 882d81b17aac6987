package io.elanus.standalone.cluster;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A server somebody else made, as a part of the cluster. It is ready as long as it lives.
record ServerPart(
    String name,
    String addresses,
    Path output,
    LongSupplier pidNow,
    BooleanSupplier alive,
    Runnable killing,
    Consumer<Boolean> pausing,
    Runnable restarting)
    implements Part {
  @Override
  public long pid() {
    return pidNow.getAsLong();
  }

  @Override
  public boolean isAlive() {
    return alive.getAsBoolean();
  }

  @Override
  public Readiness readiness() {
    return Readiness.READY;
  }

  @Override
  public void kill() {
    killing.run();
  }

  @Override
  public void pause(boolean paused) {
    pausing.accept(paused);
  }

  @Override
  public void restart() {
    restarting.run();
  }
}
