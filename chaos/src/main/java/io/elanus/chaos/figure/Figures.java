package io.elanus.chaos.figure;

import io.elanus.chaos.figure.Rounds.Place;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;

/// The table of figures, each a command.
public final class Figures {
  private Figures() {}

  /// Adds a command per figure.
  public static void addTo(CommandLine line) {
    add(
        line,
        "R1",
        place -> Crashes.kills(place, 20),
        "kill -9 of each role twice a round under insert, upsert, delete, query and search load, at most",
        "2 s apart (some again while they start), then an audit of everything ever written.",
        "Nothing acknowledged is lost, doubled, resurrected or changed.");
    add(
        line,
        "power",
        Crashes::powerLosses,
        "As R1, but the machine of a standalone server loses its power twice a round, and with it all that was not",
        "synced to its disk. Needs root: the disk is an ext4 file system in a file.");
    add(
        line,
        "R4",
        Zombies::new,
        "Processes stand still beyond their lease and come back after others took over: data nodes, query",
        "nodes, coordinators and Kafka brokers in turn, two a round, at most 6 s apart. No effect of the",
        "deposed one, no stale strong read.");
    add(
        line,
        "R5",
        place -> new Histories(place, Duration.ofSeconds(30)),
        "R5 and R6: 10 clients on 20 keys for 30 s while a seeded schedule kills and pauses processes and",
        "spoils connections. Strong reads are linearizable per key, sessions read their writes and never go",
        "back, bounded reads are within their bound, nothing is lost, doubled, resurrected or changed.");
    for (Drill drill : Drills.ALL) {
      add(
          line,
          drill.name(),
          place -> new DrillFigure(drill, place),
          drill.says().toArray(String[]::new));
    }
  }

  private static void add(
      CommandLine line, String name, Function<Place, Figure> open, String... says) {
    line.addSubcommand(name, new FigureCommand(name, List.of(says), open));
  }
}
