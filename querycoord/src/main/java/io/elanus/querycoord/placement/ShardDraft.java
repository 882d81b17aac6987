package io.elanus.querycoord.placement;

import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.querycoord.placement.NodeReport.Led;
import io.elanus.querycoord.serving.Holder;
import io.elanus.querycoord.serving.Route;
import io.elanus.querycoord.serving.RouteKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One shard in one replica while a plan is made: its route taken apart, and put together again at the end.
final class ShardDraft {
  /// A smaller shard is held by its leader alone: asking peers costs more than searching it.
  static final long WHOLE_BYTES = 8L << 20;

  final RouteKey key;
  final LoadScope scope;

  /// The route as it is; null when there is none.
  final @Nullable Route route;

  /// Empty while the manifest was not read yet.
  final Optional<ShardContents> contents;

  private final boolean whole;

  final SortedMap<SegmentId, SegmentDraft> segments = new TreeMap<>();
  @Nullable NodeId leader;
  @Nullable NodeId next;

  /// The leader the route names is gone.
  boolean leaderLost;

  private ShardDraft(
      RouteKey key, LoadScope scope, @Nullable Route route, Optional<ShardContents> contents) {
    this.key = key;
    this.scope = scope;
    this.route = route;
    this.contents = contents;
    this.whole = contents.map(all -> all.sizeBytes() < WHOLE_BYTES).orElse(false);
  }

  /// Without what is dead, and with what is ready in its place.
  static ShardDraft of(RouteKey key, LoadScope scope, Optional<Route> route, Observed observed) {
    Optional<ShardContents> contents = observed.contents(key.shard()).map(all -> all.within(scope));
    ShardDraft draft = new ShardDraft(key, scope, route.orElse(null), contents);
    route.ifPresentOrElse(r -> draft.read(r, observed), draft::readContents);
    return draft;
  }

  // reading

  private void read(Route from, Observed observed) {
    boolean handOver = isNextReady(from, observed);
    NodeId former = from.leader();
    leader = handOver ? from.next().orElseThrow() : former;
    next = handOver ? null : from.next().filter(observed::isAlive).orElse(null);
    leaderLost = !observed.isAlive(leader);
    readContents();
    for (Holder holder : from.holders()) {
      holder.segments().forEach(segment -> hold(segment, holder.node(), observed));
    }
    segments.values().stream()
        .filter(segment -> segment.isOrphan() && segment.lost == null)
        .forEach(segment -> takeForGranted(segment, observed));
    segments.values().forEach(segment -> settle(segment, observed));
    if (isPassed(from, observed)) {
      segments.values().removeIf(segment -> segment.gone);
    }
    // what nobody has, and nobody knows the size of, falls to the leader
    segments.values().removeIf(s -> s.isOrphan() && (s.gone || contents.isEmpty()));
  }

  private void readContents() {
    contents.ifPresent(all ->
        all.segments()
            .forEach((id, segment) ->
                segments.put(id, new SegmentDraft(id, segment.sizeBytes(), false))));
  }

  private void hold(SegmentId id, NodeId node, Observed observed) {
    SegmentDraft segment =
        segments.computeIfAbsent(id, _ -> new SegmentDraft(id, 0, contents.isPresent()));
    if (!observed.isAlive(node)) {
      segment.lost = node;
    } else if (segment.at == null) {
      segment.at = node;
    } else {
      segment.to = node;
    }
  }

  /// What no holder names is the leader's, and after a handover the new one's: it took it up before.
  private void takeForGranted(SegmentDraft segment, Observed observed) {
    NodeId owner = Objects.requireNonNull(leader);
    if (observed.isAlive(owner)) {
      segment.at = owner;
    } else {
      segment.lost = owner;
    }
  }

  private static void settle(SegmentDraft segment, Observed observed) {
    NodeId to = segment.to;
    if (to != null && observed.report(to).ready().contains(segment.id)) {
      segment.at = to;
      segment.to = null;
    }
  }

  /// Whether who is to lead answers, no staler than who leads; of a dead leader nothing is asked.
  private boolean isNextReady(Route from, Observed observed) {
    if (from.next().isEmpty() || !observed.isAlive(from.next().get())) {
      return false;
    }
    if (!observed.isAlive(from.leader())) {
      return true;
    }
    Optional<Led> now = observed.report(from.leader()).led(key.shard());
    Optional<Led> then = observed.report(from.next().get()).led(key.shard());
    return then.filter(Led::serving).isPresent()
        && then.get().manifestVersion() >= now.map(Led::manifestVersion).orElse(0L);
  }

  /// Whether leader and next read the newest manifest there is, so that they need nothing it has no more.
  private boolean isPassed(Route from, Observed observed) {
    long newest = contents.map(ShardContents::version).orElse(Long.MAX_VALUE);
    return leaderLost
        || List.of(from.leader(), from.next().orElse(from.leader())).stream()
            .filter(observed::isAlive)
            .allMatch(node ->
                observed
                    .report(node)
                    .led(key.shard())
                    .filter(led -> led.manifestVersion() >= newest)
                    .isPresent());
  }

  // asking

  /// Whether its leader is to hold all of it.
  boolean isWhole() {
    return whole;
  }

  /// Who will lead.
  @Nullable NodeId heir() {
    return next != null ? next : leader;
  }

  /// What who is to lead beside the leader has to hold: all of a shard that is held whole.
  long bytesOfNext() {
    NodeId now = leader;
    return now == null || !isWhole()
        ? 0
        : segments.values().stream()
            .filter(segment -> segment.isSettledAt(now))
            .mapToLong(segment -> segment.bytes)
            .sum();
  }

  /// Nodes that give segments of this shard away.
  Set<NodeId> givers() {
    Set<NodeId> givers = new HashSet<>();
    segments.values().stream()
        .filter(SegmentDraft::isMoving)
        .forEach(segment -> givers.add(Objects.requireNonNull(segment.at)));
    return givers;
  }

  /// Nodes that take segments of this shard.
  Set<NodeId> takers() {
    Set<NodeId> takers = new HashSet<>();
    segments.values().stream()
        .filter(SegmentDraft::isMoving)
        .forEach(segment -> takers.add(Objects.requireNonNull(segment.to)));
    return takers;
  }

  // writing

  /// Empty when nobody is to serve the shard.
  Optional<Route> toRoute() {
    NodeId leads = leader;
    if (leads == null) {
      return Optional.empty();
    }
    SortedMap<NodeId, List<SegmentId>> held = new TreeMap<>();
    for (SegmentDraft segment : segments.values()) {
      if (!goesWithoutSaying(segment, leads)) {
        NodeId first = segment.at != null ? segment.at : segment.lost;
        add(held, first, segment.id);
        add(held, segment.to, segment.id);
      }
    }
    return Optional.of(new Route(leads, Optional.ofNullable(next), ordered(held), scope));
  }

  /// What the leader has need not be said, but while somebody else is to lead, who would take it up.
  private boolean goesWithoutSaying(SegmentDraft segment, NodeId leads) {
    boolean leaders =
        segment.isSettledAt(leads) || (segment.isOrphan() && leads.equals(segment.lost));
    return leaders && (next == null || isWhole());
  }

  private static void add(
      SortedMap<NodeId, List<SegmentId>> held, @Nullable NodeId node, SegmentId segment) {
    if (node != null) {
      held.computeIfAbsent(node, _ -> new ArrayList<>()).add(segment);
    }
  }

  /// Who gives before who takes, so that of two holders the first is the one a segment moves from.
  private List<Holder> ordered(SortedMap<NodeId, List<SegmentId>> held) {
    Set<NodeId> givers = givers();
    Set<NodeId> takers = takers();
    Comparator<Map.Entry<NodeId, List<SegmentId>>> byPart =
        Comparator.comparingInt(
            entry -> givers.contains(entry.getKey()) ? 0 : takers.contains(entry.getKey()) ? 2 : 1);
    return held.entrySet().stream()
        .sorted(byPart.thenComparing(Map.Entry::getKey))
        .map(entry -> new Holder(entry.getKey(), entry.getValue()))
        .toList();
  }
}
