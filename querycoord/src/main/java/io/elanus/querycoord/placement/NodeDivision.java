package io.elanus.querycoord.placement;

import io.elanus.common.meta.Member;
import io.elanus.common.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Divides nodes among the replicas of a collection: each node to one of them, each about the same memory,
/// and as few changes as possible against what is.
///
/// Zones are not shared where that can be helped: with a zone for each replica, a lost zone takes one replica
/// and leaves the others whole, and a leader and the peers it asks are in the same zone, where traffic is
/// fast and free of charge. (A replica spread over all zones would lose a part with every zone, and an answer
/// without that part is an error.)
///
/// ```
///  2 replicas   zones a {1 2}  b {3}  c {4}      {1 2}  {3 4}
///  3 replicas   zones a {1 2}  b {3}             {1}  {3}  {2}
///  2 replicas   zones a {1 2 3 4 5}  b {6}       {1 2 3}  {4 5 6}      b alone is below half a share
/// ```
///
/// Idempotent: a division divided again stays.
final class NodeDivision {
  private final int replicas;
  private final SortedMap<NodeId, Member> nodes;
  private final boolean sizesKnown;

  private NodeDivision(int replicas, SortedMap<NodeId, Member> nodes) {
    this.replicas = replicas;
    this.nodes = nodes;
    this.sizesKnown = nodes.values().stream().allMatch(member -> member.memoryBytes() > 0);
  }

  /// @param current nodes of each replica; those that are not among `nodes` are gone
  /// @return nodes of each replica, in the same order
  static List<SortedSet<NodeId>> divide(
      List<? extends SortedSet<NodeId>> current, SortedMap<NodeId, Member> nodes) {
    NodeDivision division = new NodeDivision(current.size(), nodes);
    List<SortedSet<NodeId>> kept = division.living(current);
    return division
        .byZone(kept)
        .filter(division::isFair)
        .orElseGet(() -> division.byMemory(kept, nodes.keySet()));
  }

  private List<SortedSet<NodeId>> living(List<? extends SortedSet<NodeId>> current) {
    List<SortedSet<NodeId>> living = new ArrayList<>();
    for (SortedSet<NodeId> set : current) {
      SortedSet<NodeId> kept = new TreeSet<>(set);
      kept.retainAll(nodes.keySet());
      living.forEach(kept::removeAll);
      living.add(kept);
    }
    return living;
  }

  /// Nobody has less than half of an equal share.
  private boolean isFair(List<SortedSet<NodeId>> division) {
    long share = weight(nodes.keySet()) / replicas;
    return division.stream().allMatch(set -> !set.isEmpty() && weight(set) * 2 >= share);
  }

  // without regard to zones

  /// What nobody has goes to who has least; then nodes change sides while that makes the larger one
  /// smaller than it was.
  private List<SortedSet<NodeId>> byMemory(
      List<SortedSet<NodeId>> current, Collection<NodeId> all) {
    List<SortedSet<NodeId>> division = new ArrayList<>();
    current.forEach(set -> division.add(new TreeSet<>(set)));
    SortedSet<NodeId> free = new TreeSet<>(all);
    division.forEach(free::removeAll);
    free.stream()
        .sorted(Comparator.<NodeId>comparingLong(this::weight).reversed())
        .forEach(node -> lightest(division).add(node));
    level(division);
    return division;
  }

  private void level(List<SortedSet<NodeId>> division) {
    for (Optional<NodeId> moving = improving(division);
        moving.isPresent();
        moving = improving(division)) {
      heaviest(division).remove(moving.get());
      lightest(division).add(moving.get());
    }
  }

  /// The smallest node of the heaviest replica, when both come closer by its move.
  private Optional<NodeId> improving(List<SortedSet<NodeId>> division) {
    long gap = weight(heaviest(division)) - weight(lightest(division));
    return heaviest(division).stream()
        .min(
            Comparator.<NodeId>comparingLong(this::weight).thenComparing(Comparator.reverseOrder()))
        .filter(node -> weight(node) < gap);
  }

  private SortedSet<NodeId> lightest(List<SortedSet<NodeId>> division) {
    return division.stream().min(Comparator.comparingLong(this::weight)).orElseThrow();
  }

  private SortedSet<NodeId> heaviest(List<SortedSet<NodeId>> division) {
    return division.stream().max(Comparator.comparingLong(this::weight)).orElseThrow();
  }

  // by zones

  private Optional<List<SortedSet<NodeId>>> byZone(List<SortedSet<NodeId>> current) {
    SortedMap<String, SortedSet<NodeId>> zones = new TreeMap<>();
    nodes.forEach(
        (node, member) -> zones.computeIfAbsent(member.zone(), _ -> new TreeSet<>()).add(node));
    if (zones.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        zones.size() >= replicas
            ? zonesToReplicas(current, zones)
            : replicasToZones(current, zones));
  }

  /// Each zone to one replica: to the one that has most of it, then what is left to who has least.
  private List<SortedSet<NodeId>> zonesToReplicas(
      List<SortedSet<NodeId>> current, SortedMap<String, SortedSet<NodeId>> zones) {
    List<SortedSet<NodeId>> division = new ArrayList<>();
    current.forEach(_ -> division.add(new TreeSet<>()));
    List<SortedSet<NodeId>> unowned = new ArrayList<>();
    for (SortedSet<NodeId> zone : largestFirst(zones)) {
      owner(current, zone)
          .filter(replica -> division.get(replica).isEmpty())
          .ifPresentOrElse(replica -> division.get(replica).addAll(zone), () -> unowned.add(zone));
    }
    for (SortedSet<NodeId> zone : unowned) {
      owner(current, zone)
          .filter(_ -> division.stream().noneMatch(SortedSet::isEmpty))
          .map(division::get)
          .orElseGet(() -> lightest(division))
          .addAll(zone);
    }
    return division;
  }

  private List<SortedSet<NodeId>> largestFirst(SortedMap<String, SortedSet<NodeId>> zones) {
    return zones.values().stream()
        .sorted(Comparator.<SortedSet<NodeId>>comparingLong(this::weight).reversed())
        .toList();
  }

  /// Which replica has most of the zone.
  private Optional<Integer> owner(List<SortedSet<NodeId>> current, SortedSet<NodeId> zone) {
    return IntStream.range(0, replicas)
        .boxed()
        .filter(replica -> common(current.get(replica), zone) > 0)
        .max(
            Comparator.<Integer>comparingLong(replica -> common(current.get(replica), zone))
                .thenComparing(Comparator.reverseOrder()));
  }

  /// More replicas than zones: each replica has one home, each home about as many replicas, which divide it.
  private List<SortedSet<NodeId>> replicasToZones(
      List<SortedSet<NodeId>> current, SortedMap<String, SortedSet<NodeId>> zones) {
    Map<String, List<Integer>> homes = homes(current, zones);
    List<SortedSet<NodeId>> division = new ArrayList<>();
    current.forEach(_ -> division.add(new TreeSet<>()));
    homes.forEach((zone, residents) -> {
      SortedSet<NodeId> home = zones.getOrDefault(zone, new TreeSet<>());
      List<SortedSet<NodeId>> before =
          residents.stream().map(replica -> within(current.get(replica), home)).toList();
      List<SortedSet<NodeId>> after = byMemory(before, home);
      for (int i = 0; i < residents.size(); i++) {
        division.get(residents.get(i)).addAll(after.get(i));
      }
    });
    return division;
  }

  private Map<String, List<Integer>> homes(
      List<SortedSet<NodeId>> current, SortedMap<String, SortedSet<NodeId>> zones) {
    Map<String, List<Integer>> homes = new TreeMap<>();
    zones.keySet().forEach(zone -> homes.put(zone, new ArrayList<>()));
    int most = Math.ceilDiv(replicas, zones.size());
    List<Integer> homeless = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      int replica = i;
      zones.keySet().stream()
          .filter(zone -> common(current.get(replica), of(zones, zone)) > 0)
          .max(Comparator.comparingLong(zone -> common(current.get(replica), of(zones, zone))))
          .map(homes::get)
          .filter(residents -> residents.size() < most)
          .ifPresentOrElse(residents -> residents.add(replica), () -> homeless.add(replica));
    }
    for (int replica : homeless) {
      homes.entrySet().stream()
          .min(
              Comparator.<Map.Entry<String, List<Integer>>>comparingInt(
                      entry -> entry.getValue().size())
                  .thenComparing(entry -> -weight(of(zones, entry.getKey()))))
          .orElseThrow()
          .getValue()
          .add(replica);
    }
    return homes;
  }

  private static SortedSet<NodeId> of(SortedMap<String, SortedSet<NodeId>> zones, String zone) {
    return zones.getOrDefault(zone, new TreeSet<>());
  }

  private static SortedSet<NodeId> within(SortedSet<NodeId> set, SortedSet<NodeId> zone) {
    SortedSet<NodeId> both = new TreeSet<>(set);
    both.retainAll(zone);
    return both;
  }

  private long common(SortedSet<NodeId> set, SortedSet<NodeId> zone) {
    return weight(within(set, zone));
  }

  private long weight(Collection<NodeId> some) {
    return some.stream().mapToLong(this::weight).sum();
  }

  /// Its memory; one for each where some do not say.
  private long weight(NodeId node) {
    Member member = nodes.get(node);
    return sizesKnown && member != null ? member.memoryBytes() : 1;
  }
}
