package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IvfBuilderTest {
  @ParameterizedTest
  @EnumSource
  void progressNeverStepsBack(Quantization codes) {
    DenseVectors vectors = TestVectors.offHeap(TestVectors.clustered(4000, 16, 20, 1), 16);
    IndexParams.Ivf params = new IndexParams.Ivf(Metric.L2, 12, codes, 1);
    List<Double> heard = new ArrayList<>();

    IndexBuilder.build(
        vectors,
        params,
        new BuildControl(
            Runnable::run, 1, (done, total) -> heard.add((double) done / total), () -> false));

    assertThat(heard).isSorted().hasSizeGreaterThan(2);
  }
}
