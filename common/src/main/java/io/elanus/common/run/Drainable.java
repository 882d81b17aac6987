package io.elanus.common.run;

import java.util.List;

/// A role that can hand over what it holds before it goes, so that nobody notices that it goes.
public interface Drainable {
  /// Takes no new work, has others take over what this role holds, and serves on until they have. Returns
  /// when nothing depends on the role any more, or at `deadline`. The role is closed afterwards in any case.
  ///
  /// @return what could not be handed over, one line each, for the log; empty when everything was
  /// @throws io.elanus.common.error.DbException `CANCELED`
  List<String> drain(Deadline deadline);
}
