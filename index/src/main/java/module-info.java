/// The vector index library: vectors in, neighbours out. It depends on nothing but the JDK and
/// knows neither gRPC nor object stores nor the threads of other modules.
module io.elanus.index {
  requires jdk.incubator.vector;
  requires static org.jspecify;

  exports io.elanus.index;
}
