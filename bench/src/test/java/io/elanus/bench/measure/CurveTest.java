package io.elanus.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {
  @Test
  void ratesLieOnALineOfLogarithms() {
    Curve curve = curve(0.8, 8000, 0.98, 2000);

    // From two misses in ten to two in a hundred is a factor of ten, of which a factor of two is
    // gone at one in ten.
    double part = Math.log(2) / Math.log(10);
    assertThat(curve.rateAt(0.9).orElseThrow())
        .isEqualTo(8000 * Math.pow(0.25, part), offset(1e-6));
  }

  @Test
  void measuredPointsAreThemselves() {
    Curve curve = curve(0.8, 8000, 0.9, 5000, 0.99, 1000);

    assertThat(curve.rateAt(0.8)).hasValueCloseTo(8000.0, offset(1e-6));
    assertThat(curve.rateAt(0.9)).hasValueCloseTo(5000.0, offset(1e-6));
    assertThat(curve.rateAt(0.99)).hasValueCloseTo(1000.0, offset(1e-6));
  }

  @Test
  void nothingIsGuessedBeyondWhatWasMeasured() {
    Curve curve = curve(0.8, 8000, 0.98, 2000);

    assertThat(curve.rateAt(0.99)).isEmpty();
    assertThat(new Curve(List.of()).rateAt(0.9)).isEmpty();
  }

  @Test
  void theLeastEffortIsAsFastAsItGets() {
    assertThat(curve(0.8, 8000, 0.98, 2000).rateAt(0.5)).hasValue(8000);
  }

  @Test
  void aDentInACurveIsPassedOver() {
    Curve curve = curve(0.91, 8000, 0.89, 7000, 0.95, 4000);

    assertThat(curve.rateAt(0.9)).hasValue(8000);
    assertThat(curve.rateAt(0.95)).hasValueCloseTo(4000.0, offset(1e-6));
  }

  @Test
  void aRecallOfOneHasAPlace() {
    Curve curve = curve(0.9, 4000, 1, 1000);

    assertThat(curve.rateAt(0.99).orElseThrow()).isBetween(1000.0, 4000.0);
  }

  @Test
  void ofPointsOfTheSameRecallTheFirstCounts() {
    Curve curve = curve(0.95, 4000, 0.95, 3000);

    assertThat(curve.rateAt(0.95)).hasValue(4000);
  }

  private static Curve curve(double... recallsAndRates) {
    List<Curve.Point> points = new ArrayList<>();
    for (int i = 0; i < recallsAndRates.length; i += 2) {
      points.add(new Curve.Point(recallsAndRates[i], recallsAndRates[i + 1]));
    }
    return new Curve(points);
  }
}
