package io.elanus.standalone;

import io.elanus.common.metrics.Readings;
import io.elanus.rpc.management.Health;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/// What is said of every process, and of every role alike.
record RoleMetrics(MeterRegistry meters) {
  void process(Health health) {
    new Readings<>(meters, health)
        .gauge(
            "elanus_process_ready",
            "1 when all roles of the process are ready, else 0",
            h -> number(h.isGood()))
        .with("version", Version.number())
        .gauge("elanus_process_version", "Always 1", _ -> 1);
  }

  void coordinator(Role role, BooleanSupplier leads) {
    flag("elanus_coordinator_leading", "1 when this process leads the role, else 0", role, leads);
  }

  void node(Role role, BooleanSupplier registered) {
    flag("elanus_node_registered", "1 when others find this node, else 0", role, registered);
  }

  private void flag(String name, String help, Role role, BooleanSupplier value) {
    new Readings<>(meters, value)
        .with("role", role.commandName())
        .gauge(name, help, v -> number(v.getAsBoolean()));
  }

  private static double number(boolean value) {
    return value ? 1 : 0;
  }
}
