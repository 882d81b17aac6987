package io.elanus.adapters.etcd;

import io.elanus.common.meta.MetaCommitContract;
import io.elanus.common.meta.MetaLeaseContract;
import io.elanus.common.meta.MetaSharingContract;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaWatchContract;
import io.elanus.servers.EtcdServer;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

class EtcdMetaStoreTest {
  /// etcd's shortest, with elections of half a second.
  private static final Duration SHORT_TTL = Duration.ofSeconds(1);

  private final EtcdServer server = Etcd.shared();
  private final String root = Etcd.newRoot();

  @Nested
  class Commits extends MetaCommitContract {
    @Override
    protected MetaStore open() {
      return EtcdMetaStore.open(run, Etcd.config(server, root));
    }
  }

  @Nested
  class Watches extends MetaWatchContract {
    @Override
    protected MetaStore open() {
      return EtcdMetaStore.open(run, Etcd.config(server, root));
    }

    @Override
    protected void compact(long revision) {
      ((EtcdMetaStore) store).compact(revision);
    }
  }

  @Nested
  class Leases extends MetaLeaseContract {
    @Override
    protected Duration shortTtl() {
      return SHORT_TTL;
    }

    @Override
    protected MetaStore open() {
      return EtcdMetaStore.open(run, Etcd.config(server, root));
    }

    @Override
    protected MetaStore another() {
      return EtcdMetaStore.open(run, Etcd.config(server, Etcd.newRoot()));
    }
  }

  @Nested
  class Shared extends MetaSharingContract {
    @Override
    protected Duration ttl() {
      return SHORT_TTL;
    }

    @Override
    protected MetaStore open() {
      return EtcdMetaStore.open(run, Etcd.config(server, root));
    }

    @Override
    protected MetaStore openOther() {
      return open();
    }
  }
}
