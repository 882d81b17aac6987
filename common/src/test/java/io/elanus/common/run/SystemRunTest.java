package io.elanus.common.run;

import java.util.function.Consumer;

class SystemRunTest extends RunContract {
  @Override
  void inRun(Consumer<Run> body) {
    Runs.SYSTEM.inRun(body);
  }
}
