package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps `node/<role>/<node>` in the store for as long as this process lives, so that others find it
/// and know when it is gone. The entry's lease is renewed at a third of its time to live; when it was
/// lost nevertheless, the process registers again. [#drain] tells the others that it is about to leave.
public final class Membership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private final Run run;
  private final MetaStore store;
  private final String key;
  private final Function<Member, byte[]> codec;
  private final Duration ttl;
  private final Gate gate;
  private final Ticker ticker;

  // guarded by gate; the lease is used by the ticker only, and by close after the ticker's end
  private @Nullable Lease lease;
  private long heldUntil;
  private Member member;
  private boolean announced;

  private Membership(
      Run run, MetaStore store, Member member, Function<Member, byte[]> codec, Duration ttl) {
    this.run = run;
    this.store = store;
    this.key = MetaKeys.node(member.role(), member.node());
    this.member = member;
    this.codec = codec;
    this.ttl = ttl;
    this.gate = run.gate();
    this.heldUntil = run.nanoTime();
    this.ticker = Ticker.start(run, "renew " + key, ttl.dividedBy(3), this::register);
  }

  /// Registers in the background; the store may be out of reach for a while.
  ///
  /// @param codec makes the entry's value
  public static Membership join(
      Run run, MetaStore store, Member member, Function<Member, byte[]> codec, Duration ttl) {
    return new Membership(run, store, member, codec, ttl);
  }

  /// Whether others see this process: its lease, counted from before its renewal was sent, has not run
  /// out on this machine's clock.
  public boolean isHeld() {
    return gate.read(() -> lease != null && run.nanoTime() - heldUntil < 0);
  }

  /// Tells the others, in the background, that this process is about to leave.
  public void drain() {
    gate.change(() -> {
      member = member.leaving();
      announced = false;
    });
    ticker.wake();
  }

  /// Leaves: the entry vanishes at once.
  @Override
  public void close() {
    ticker.close();
    gate.read(() -> Optional.ofNullable(lease)).ifPresent(Lease::close);
  }

  private void register() {
    long sentAt = run.nanoTime();
    Optional<Lease> held = gate.read(() -> Optional.ofNullable(lease));
    if (held.isEmpty() || !held.get().renew()) {
      Lease fresh = store.lease(ttl);
      gate.change(() -> {
        lease = fresh;
        announced = false;
      });
    }
    if (!gate.read(() -> announced)) {
      announce();
    }
    gate.change(() -> heldUntil = sentAt + ttl.toNanos());
  }

  private void announce() {
    Lease under = gate.read(() -> Objects.requireNonNull(lease));
    Member current = gate.read(() -> member);
    String request = "%s/%016x".formatted(key, run.random().nextLong());
    new Commit(request, List.of(), List.of(new Change.PutLeased(key, codec.apply(current), under)))
        .settle(run, store)
        .orElseThrow(() -> new IllegalStateException("the lease of " + key + " ran out at once"));
    gate.change(() -> announced = member.equals(current));
    log.info("registered key={} draining={}", key, current.draining());
  }
}
