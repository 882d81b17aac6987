package io.elanus.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Curves of recall and rate as a picture, in SVG. Both axes are logarithmic: rates to the top, and to the right how
/// little is missed. Up and to the right is better.
///
/// - `rates`: what they are, for people.
/// - `lines`: at most as many as there are colours, or colours repeat.
public record CurvePicture(String title, String rates, List<Line> lines) {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int LEFT = 80;
  private static final int RIGHT = 220;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;

  /// Marks of the axis, which reaches from the first to the last; what lies outside is not drawn.
  private static final double[] RECALLS = {0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999};

  /// Of Okabe and Ito, which everybody can tell apart, and black.
  private static final List<String> COLOURS =
      List.of(
          "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#b8a800");

  public CurvePicture {
    lines = List.copyOf(lines);
  }

  /// - `dashed`: to tell theirs from ours.
  public record Line(String name, Curve curve, boolean dashed) {}

  public String svg() {
    List<String> parts = new ArrayList<>();
    parts.add(
        text(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">",
            WIDTH, HEIGHT));
    parts.add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
    parts.add(label(LEFT, TOP - 20, "start", title));
    Scale y = Scale.around(shownRates());
    drawAxes(parts, y);
    for (int i = 0; i < lines.size(); i++) {
      drawLine(parts, i, y);
    }
    parts.add("</svg>");
    return String.join("\n", parts) + "\n";
  }

  private double[] shownRates() {
    return lines.stream()
        .flatMap(line -> shown(line).stream())
        .mapToDouble(Curve.Point::rate)
        .toArray();
  }

  private static List<Curve.Point> shown(Line line) {
    return line.curve().points().stream()
        .filter(
            point -> point.recall() >= RECALLS[0] && point.recall() <= RECALLS[RECALLS.length - 1])
        .toList();
  }

  private void drawAxes(List<String> parts, Scale y) {
    for (double recall : RECALLS) {
      double x = x(recall);
      parts.add(rule(x, TOP, x, HEIGHT - BOTTOM));
      parts.add(label(x, HEIGHT - BOTTOM + 18, "middle", "" + recall));
    }
    for (double rate : y.marks()) {
      double at = y.at(rate);
      parts.add(rule(LEFT, at, WIDTH - RIGHT, at));
      parts.add(label(LEFT - 8, at + 4, "end", text("%,.0f", rate)));
    }
    parts.add(label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 15, "middle", "recall@10"));
    parts.add(
        text(
            "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
            (TOP + HEIGHT - BOTTOM) / 2, rates));
  }

  private void drawLine(List<String> parts, int number, Scale y) {
    Line line = lines.get(number);
    String stroke =
        text(
            "stroke=\"%s\" stroke-width=\"2\"%s",
            COLOURS.get(number % COLOURS.size()), line.dashed() ? " stroke-dasharray=\"6 4\"" : "");
    String points =
        shown(line).stream()
            .map(point -> text("%.1f,%.1f", x(point.recall()), y.at(point.rate())))
            .collect(Collectors.joining(" "));
    parts.add(text("<polyline fill=\"none\" %s points=\"%s\"/>", stroke, points));
    for (Curve.Point point : shown(line)) {
      parts.add(
          text(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
              x(point.recall()), y.at(point.rate()), COLOURS.get(number % COLOURS.size())));
    }
    double at = TOP + 10 + 20.0 * number;
    double start = WIDTH - RIGHT + 15;
    parts.add(text("<path d=\"M%.1f %.1f h30\" fill=\"none\" %s/>", start, at, stroke));
    parts.add(label(start + 38, at + 4, "start", line.name()));
  }

  private static double x(double recall) {
    double first = Math.log(1 - RECALLS[0]);
    double last = Math.log(1 - RECALLS[RECALLS.length - 1]);
    return LEFT + (WIDTH - RIGHT - LEFT) * (Math.log(1 - recall) - first) / (last - first);
  }

  private static String rule(double x1, double y1, double x2, double y2) {
    return text("<path d=\"M%.1f %.1f L%.1f %.1f\" stroke=\"#dddddd\"/>", x1, y1, x2, y2);
  }

  private static String label(double x, double y, String anchor, String words) {
    String escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return text("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// The axis of rates, from `low` to `high`: marks of it.
  private record Scale(double low, double high) {
    private static final double[] STEPS = {1, 2, 5};

    /// From mark to mark around all `rates`; some axis where there are none.
    static Scale around(double[] rates) {
      double low = Double.MAX_VALUE;
      double high = 1;
      for (double rate : rates) {
        low = Math.min(low, rate);
        high = Math.max(high, rate);
      }
      double bottom = 1;
      for (double mark : marks(1, Math.min(low, high))) {
        bottom = mark;
      }
      List<Double> above = marks(high, 10 * high);
      return new Scale(bottom, above.getFirst());
    }

    List<Double> marks() {
      return marks(low, high);
    }

    /// 1, 2 and 5 times the powers of ten from `low` to `high`.
    private static List<Double> marks(double low, double high) {
      List<Double> marks = new ArrayList<>();
      for (double power = 1; power <= high; power *= 10) {
        for (double step : STEPS) {
          double mark = step * power;
          if (mark >= low && mark <= high) {
            marks.add(mark);
          }
        }
      }
      return marks;
    }

    double at(double rate) {
      double part = Math.log(rate / low) / Math.log(high / low);
      return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }
  }
}
