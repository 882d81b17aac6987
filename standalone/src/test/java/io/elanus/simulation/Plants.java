package io.elanus.simulation;

/// The bugs that can be planted, by name.
final class Plants {
  private Plants() {}

  static Plant named(String name) {
    return switch (name) {
      case "none" -> Plant.NONE;
      default -> throw new IllegalArgumentException("no plant is named " + name);
    };
  }
}
