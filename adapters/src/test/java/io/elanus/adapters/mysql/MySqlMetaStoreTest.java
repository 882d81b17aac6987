package io.elanus.adapters.mysql;

import io.elanus.common.meta.MetaCommitContract;
import io.elanus.common.meta.MetaLeaseContract;
import io.elanus.common.meta.MetaSharingContract;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaWatchContract;
import io.elanus.servers.MariaDbServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;

class MySqlMetaStoreTest {
  private final MariaDbServer server = MariaDb.shared();
  private final String root = MariaDb.newRoot();

  @Nested
  class Commits extends MetaCommitContract {
    @Override
    protected MetaStore open() {
      return MySqlMetaStore.open(run, MariaDb.config(server, root));
    }
  }

  @Nested
  class Watches extends MetaWatchContract {
    @Override
    protected MetaStore open() {
      return MySqlMetaStore.open(run, MariaDb.config(server, root));
    }

    @Override
    protected void compact(long revision) {
      try {
        ((MySqlMetaStore) store).compact(revision);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Nested
  class Leases extends MetaLeaseContract {
    @Override
    protected MetaStore open() {
      return MySqlMetaStore.open(run, MariaDb.config(server, root));
    }

    @Override
    protected MetaStore another() {
      return MySqlMetaStore.open(run, MariaDb.config(server, MariaDb.newRoot()));
    }
  }

  @Nested
  class Shared extends MetaSharingContract {
    @Override
    protected MetaStore open() {
      return MySqlMetaStore.open(run, MariaDb.config(server, root));
    }

    @Override
    protected MetaStore openOther() {
      return open();
    }
  }
}
