package io.elanus.chaos.history;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The events of a run, in the order in which they ended. Guarded by itself.
public final class History implements AutoCloseable {
  private static final Map<String, Class<? extends Event>> KINDS =
      Map.of(
          "write", Event.Write.class,
          "read", Event.Read.class,
          "call", Event.Call.class,
          "finding", Event.Finding.class,
          "fault", Event.Fault.class);
  private static final String KIND = "event";
  private static final Gson GSON = new Gson();

  private final List<Event> events = new ArrayList<>();
  private final BufferedWriter file;
  private long successes;

  private History(BufferedWriter file) {
    this.file = file;
  }

  /// A history whose events are also written to `file`, which must not be there yet.
  public static History to(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return new History(Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The events of a file that a history left.
  public static List<Event> load(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(History::decode).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized void add(Event event) {
    events.add(event);
    if (event instanceof Event.Call call && call.outcome() == Outcome.OK) {
      successes++;
    }
    try {
      file.write(encode(event));
      file.newLine();
      if (event instanceof Event.Fault) {
        file.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many requests succeeded.
  public synchronized long successes() {
    return successes;
  }

  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encode(Event event) {
    JsonObject json = new JsonObject();
    json.addProperty(KIND, kind(event));
    GSON.toJsonTree(event).getAsJsonObject().asMap().forEach(json::add);
    return json.toString();
  }

  private static String kind(Event event) {
    return switch (event) {
      case Event.Write _ -> "write";
      case Event.Read _ -> "read";
      case Event.Call _ -> "call";
      case Event.Finding _ -> "finding";
      case Event.Fault _ -> "fault";
    };
  }

  private static Event decode(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    String kind = json.get(KIND).getAsString();
    return GSON.fromJson(json, Objects.requireNonNull(KINDS.get(kind), kind));
  }
}
