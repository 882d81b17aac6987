package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The methods with vectors in them are never inlined into callers: see [SegmentKernel].
class KernelShapeTest {
  /// `-XX:FreqInlineSize`: the longest method, in bytecodes, that C2 inlines where it is hot.
  private static final int INLINED_UP_TO = 325;

  private static final List<String> METHODS =
      List.of(
          "squaredL2", "dot", "squaredL2Block", "squaredL2BlockTail", "dotBlock", "dotBlockTail");

  @ParameterizedTest
  @ValueSource(classes = {SegmentKernel.class, ArrayKernel.class})
  void methodsWithVectorsAreTooLongToBeInlined(Class<?> kernel) throws IOException {
    List<MethodModel> methods =
        read(kernel).methods().stream()
            .filter(method -> METHODS.contains(method.methodName().stringValue()))
            .toList();

    assertThat(methods).hasSameSizeAs(METHODS);
    assertThat(methods).allSatisfy(KernelShapeTest::assertNotInlined);
  }

  @ParameterizedTest
  @ValueSource(classes = {BFloat16Kernel.class, Float16Kernel.class, Int8Kernel.class})
  void thoseOfASingleQueryAreTooLongToo(Class<?> kernel) throws IOException {
    List<MethodModel> methods =
        read(kernel).methods().stream()
            .filter(method -> METHODS.contains(method.methodName().stringValue()))
            .toList();

    assertThat(methods).hasSize(2);
    assertThat(methods).allSatisfy(KernelShapeTest::assertNotInlined);
  }

  private static void assertNotInlined(MethodModel method) {
    int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
    assertThat(length).as(method.methodName().stringValue()).isGreaterThan(INLINED_UP_TO);
  }

  private static ClassModel read(Class<?> type) throws IOException {
    try (var bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(bytes.readAllBytes());
    }
  }
}
