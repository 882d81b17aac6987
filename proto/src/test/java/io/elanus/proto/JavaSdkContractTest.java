package io.elanus.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Our protos hold all that the Java SDK speaks, read from the SDK's own classes.
///
/// The SDK brings classes and a protobuf of its own. The build copies the two jars to
/// `target/java-sdk`; a class loader that sees nothing of ours loads them, and what comes out are
/// descriptors as bytes.
class JavaSdkContractTest {

  private static final Path JARS = Path.of("target", "java-sdk");

  @Test
  void everythingOnTheWireOfTheSdkIsOnOurs() throws Exception {
    var sdk = WireFacts.of(Protos.link(sdkFiles()));

    assertThat(WireFacts.of(Protos.OURS).differencesFrom(sdk)).isEmpty();
    assertThat(sdk.count("message")).isGreaterThan(300);
    assertThat(sdk.count("method")).isGreaterThan(110);
  }

  private static Collection<FileDescriptorProto> sdkFiles() throws Exception {
    try (var loader = new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader())) {
      var root = loader.loadClass("io.milvus.grpc.MilvusProto");
      var files = new HashMap<String, FileDescriptorProto>();
      collect(root.getMethod("getDescriptor").invoke(null), files);
      files.remove("google/protobuf/descriptor.proto");
      return files.values();
    }
  }

  /// Adds a file of the SDK, a FileDescriptor of its protobuf, with all that it imports.
  private static void collect(Object file, Map<String, FileDescriptorProto> files)
      throws Exception {
    var proto = file.getClass().getMethod("toProto").invoke(file);
    var bytes = (byte[]) proto.getClass().getMethod("toByteArray").invoke(proto);
    var ours = FileDescriptorProto.parseFrom(bytes);
    files.put(ours.getName(), ours);
    for (Object imported : (List<?>) file.getClass().getMethod("getDependencies").invoke(file)) {
      collect(imported, files);
    }
  }

  private static URL[] jars() throws Exception {
    try (var jars = Files.list(JARS)) {
      return jars.map(JavaSdkContractTest::url).toArray(URL[]::new);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
