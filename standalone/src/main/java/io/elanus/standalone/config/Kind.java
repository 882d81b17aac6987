package io.elanus.standalone.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the values of a key are, and how they are written.
///
/// @param <T> what the program gets
public sealed interface Kind<T> {
  /// Empty when `text` is no such value.
  Optional<T> parse(String text);

  /// Completes the sentence "'x' is not ...": `a number in 0..65535`.
  String expected();

  /// As it may be written, and shown to anybody.
  String print(T value);

  record Text() implements Kind<String> {
    @Override
    public Optional<String> parse(String text) {
      return Optional.of(text);
    }

    @Override
    public String expected() {
      return "a text";
    }

    @Override
    public String print(String value) {
      return value;
    }
  }

  /// A text that is never shown.
  record Secret() implements Kind<String> {
    @Override
    public Optional<String> parse(String text) {
      return Optional.of(text);
    }

    @Override
    public String expected() {
      return "a secret text";
    }

    @Override
    public String print(String value) {
      return value.isEmpty() ? "" : "******";
    }
  }

  /// Texts separated by commas, or a YAML list.
  record Texts() implements Kind<List<String>> {
    @Override
    public Optional<List<String>> parse(String text) {
      return Optional.of(
          Stream.of(text.split(",", -1)).map(String::strip).filter(t -> !t.isEmpty()).toList());
    }

    @Override
    public String expected() {
      return "a list of texts";
    }

    @Override
    public String print(List<String> value) {
      return String.join(",", value);
    }
  }

  /// A file or folder; relative ones start from the working directory. Empty for none.
  record File() implements Kind<Optional<Path>> {
    @Override
    public Optional<Optional<Path>> parse(String text) {
      return Optional.of(text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
    }

    @Override
    public String expected() {
      return "a path";
    }

    @Override
    public String print(Optional<Path> value) {
      return value.map(Path::toString).orElse("");
    }
  }

  record Flag() implements Kind<Boolean> {
    @Override
    public Optional<Boolean> parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public String expected() {
      return "true or false";
    }

    @Override
    public String print(Boolean value) {
      return value.toString();
    }
  }

  record Choice(List<String> values) implements Kind<String> {
    @Override
    public Optional<String> parse(String text) {
      return values.stream().filter(value -> value.equalsIgnoreCase(text)).findFirst();
    }

    @Override
    public String expected() {
      return values.stream()
          .map(value -> value.isEmpty() ? "nothing" : value)
          .collect(Collectors.joining(", ", "one of ", ""));
    }

    @Override
    public String print(String value) {
      return value;
    }
  }

  record Whole(int min, int max) implements Kind<Integer> {
    @Override
    public Optional<Integer> parse(String text) {
      try {
        int value = Integer.parseInt(text);
        return value < min || value > max ? Optional.empty() : Optional.of(value);
      } catch (NumberFormatException _) {
        return Optional.empty();
      }
    }

    @Override
    public String expected() {
      return "a number in %d..%d".formatted(min, max);
    }

    @Override
    public String print(Integer value) {
      return value.toString();
    }
  }

  /// Bytes: a plain number, or one with KiB, MiB or GiB.
  record Size(long min, long max) implements Kind<Long> {
    private static final Pattern WRITTEN =
        Pattern.compile("(\\d{1,18})\\s*(|KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);

    @Override
    public Optional<Long> parse(String text) {
      Matcher written = WRITTEN.matcher(text);
      if (!written.matches()) {
        return Optional.empty();
      }
      long number = Long.parseLong(written.group(1));
      int shift = shift(written.group(2));
      long bytes = number << shift;
      boolean exact = bytes >> shift == number;
      return exact && bytes >= min && bytes <= max ? Optional.of(bytes) : Optional.empty();
    }

    private static int shift(String unit) {
      return switch (unit.toLowerCase(Locale.ROOT)) {
        case "kib" -> 10;
        case "mib" -> 20;
        case "gib" -> 30;
        default -> 0;
      };
    }

    @Override
    public String expected() {
      return "a size in %s..%s, such as 512MiB".formatted(print(min), print(max));
    }

    @Override
    public String print(Long value) {
      return Stream.of("GiB", "MiB", "KiB")
          .filter(unit -> value != 0 && value % (1L << shift(unit)) == 0)
          .findFirst()
          .map(unit -> (value >> shift(unit)) + unit)
          .orElse(value.toString());
    }
  }

  /// A duration: a number with ms, s, m or h; a plain number counts in `plain`, as Milvus has it.
  record Span(Duration plain, Duration min, Duration max) implements Kind<Duration> {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})\\s*(|ms|s|m|h)");

    @Override
    public Optional<Duration> parse(String text) {
      Matcher written = WRITTEN.matcher(text);
      if (!written.matches()) {
        return Optional.empty();
      }
      Duration value = unit(written.group(2)).multipliedBy(Long.parseLong(written.group(1)));
      boolean inRange = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
      return inRange ? Optional.of(value) : Optional.empty();
    }

    private Duration unit(String name) {
      return switch (name) {
        case "ms" -> Duration.ofMillis(1);
        case "s" -> Duration.ofSeconds(1);
        case "m" -> Duration.ofMinutes(1);
        case "h" -> Duration.ofHours(1);
        default -> plain;
      };
    }

    @Override
    public String expected() {
      return "a duration in %s..%s (a plain number counts %s)"
          .formatted(print(min), print(max), plain.toMillis() == 1 ? "milliseconds" : "seconds");
    }

    @Override
    public String print(Duration value) {
      long millis = value.toMillis();
      return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
  }
}
