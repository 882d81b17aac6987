package io.elanus.chaos.figure;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/// The results of figures, a file each: one JSON line per round, appended when the round has ended.
public final class Results {
  private static final Gson GSON = new Gson();

  private final Path folder;

  public Results(Path folder) {
    this.folder = folder;
  }

  /// In the order in which they were run; empty when the figure never was.
  public List<Result> of(String figure) {
    Path file = file(figure);
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream()
              .map(line -> GSON.fromJson(line, Result.class))
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether that round is there already and passed.
  boolean has(String figure, String on, long seed) {
    return of(figure).stream()
        .anyMatch(result -> result.on().equals(on) && result.seed() == seed && result.passed());
  }

  void append(Result result) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          file(result.figure()),
          GSON.toJson(result) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The figures there are results of.
  List<String> figures() {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jsonl"))
          .map(name -> name.substring(0, name.length() - ".jsonl".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String figure) {
    return folder.resolve(figure.toLowerCase(Locale.ROOT) + ".jsonl");
  }
}
