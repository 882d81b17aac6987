package io.elanus.proxy.security;

import io.elanus.common.security.Access;
import io.elanus.rpc.call.RequestContext;

/// What lists show the caller: databases and collections with which they have something to do.
public sealed interface Visibility {
  /// Authorization is off.
  Visibility ALL = new Everything();

  boolean shows(String database);

  boolean shows(String database, String collection);

  /// Of the caller as of now.
  interface Source {
    Source ALL = () -> Visibility.ALL;

    Visibility now();
  }

  record Everything() implements Visibility {
    @Override
    public boolean shows(String database) {
      return true;
    }

    @Override
    public boolean shows(String database, String collection) {
      return true;
    }
  }

  record Granted(Access access, String user) implements Visibility {
    @Override
    public boolean shows(String database) {
      return access.sees(user, database);
    }

    @Override
    public boolean shows(String database, String collection) {
      return access.sees(user, database, collection);
    }
  }

  /// As the metastore says now: what was granted a moment ago is there.
  static Source of(SecurityCopy copy) {
    return () -> {
      RequestContext context = RequestContext.current();
      return new Granted(copy.newest(context.deadline()), context.user());
    };
  }
}
