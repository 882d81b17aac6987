package io.elanus.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;

/// Exceptions as text, for messages of violations.
final class Texts {
  private Texts() {}

  static String of(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
