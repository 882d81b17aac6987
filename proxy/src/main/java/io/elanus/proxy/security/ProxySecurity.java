package io.elanus.proxy.security;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.rpc.call.PublicApi;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.SecurityCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Security in one proxy, put together. With authorization off there is no copy to follow, and users and roles
/// can be looked at and changed by everybody, as everything can.
public final class ProxySecurity implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxySecurity.class);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
  private static final String DEFAULT_PASSWORD =
      "user root has the default password, which everybody knows: change it";

  private final Closer closer = new Closer();
  private final MetaStore metaStore;
  private final Passwords passwords;
  private final Audit audit;
  private final Optional<SecurityCopy> copy;
  private final Optional<PublicApi.Security> stages;

  /// @param enforced whether authorization is on
  public ProxySecurity(Run run, MetaStore metaStore, SecurityConfig config, boolean enforced) {
    this.metaStore = metaStore;
    this.passwords = closer.add(new Passwords(run, config));
    this.audit = new Audit(run);
    this.copy =
        enforced ? Optional.of(closer.add(new SecurityCopy(run, metaStore))) : Optional.empty();
    this.stages =
        copy.map(followed ->
            new PublicApi.Security(
                new Logins(run, followed, passwords, audit), new RoleAuthorizer(followed, audit)));
    if (enforced) {
      Task look = run.fork("root password", () -> warn(Deadline.after(run, FIRST_LOOK)));
      closer.add(() -> {
        look.cancel();
        look.awaitEnd();
      });
    }
  }

  /// Empty when authorization is off.
  public Optional<PublicApi.Security> stages() {
    return stages;
  }

  public Passwords passwords() {
    return passwords;
  }

  public Audit audit() {
    return audit;
  }

  public Visibility.Source visibility() {
    return copy.map(Visibility::of).orElse(Visibility.Source.ALL);
  }

  /// As the metastore says now.
  public SecurityState state() {
    return SecurityCodec.state(metaStore.range(MetaKeys.SECURITY).entries());
  }

  /// Returns when what was changed counts in this proxy.
  public void changed(Deadline deadline) {
    copy.ifPresent(followed -> followed.newest(deadline));
  }

  /// What an administrator should hear; nobody else does.
  public List<String> warnings() {
    RequestContext context = RequestContext.current();
    return copy.filter(followed ->
            followed.current(context.deadline()).isAdmin(context.user())
                && hasDefaultPassword(followed, context.deadline()))
        .map(_ -> List.of(DEFAULT_PASSWORD))
        .orElse(List.of());
  }

  private boolean hasDefaultPassword(SecurityCopy followed, Deadline deadline) {
    Optional<User> root = followed.current(deadline).state().findUser(User.ROOT);
    return passwords.matches(User.ROOT, root, SecurityConfig.WELL_KNOWN_PASSWORD, deadline);
  }

  private void warn(Deadline deadline) {
    try {
      if (copy.filter(followed -> hasDefaultPassword(followed, deadline)).isPresent()) {
        log.warn("{}", DEFAULT_PASSWORD);
      }
    } catch (DbException e) {
      log.info("not known whether root has the default password: {}", e.text());
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
