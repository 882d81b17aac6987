package io.elanus.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/// A process that says `ready <what it is>` and then answers a line with a line, until its input ends.
public final class AnsweringProcess implements AutoCloseable {
  private static final String READY = "ready ";

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final String greeting;

  private AnsweringProcess(String name, Process process) throws IOException {
    this.name = name;
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.greeting = readGreeting();
  }

  /// Starts it and waits until it is ready. What it says on its standard error is said on ours.
  ///
  /// @param name of it, in errors
  /// @throws IOException when it ends instead
  public static AnsweringProcess start(String name, ProcessBuilder builder) throws IOException {
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new AnsweringProcess(name, builder.start());
  }

  private String readGreeting() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return line.substring(READY.length());
      }
    }
    throw new IOException("%s did not start".formatted(name));
  }

  /// What it said when it was ready.
  public String greeting() {
    return greeting;
  }

  public long pid() {
    return process.pid();
  }

  /// @return the answer to `request`
  /// @throws UncheckedIOException when it ends instead
  public String ask(String request) {
    try {
      in.write(request + "\n");
      in.flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new IOException("%s ended when asked to %s".formatted(name, request));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
