package io.elanus.common.error;

import org.jspecify.annotations.Nullable;

/// The one exception of the product. Its message is lower case, without a full stop, and says what,
/// which and the value; where Milvus has a text for the case, it is that text.
public final class DbException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  public DbException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public DbException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  public ErrorKind kind() {
    return code.kind();
  }

  /// The message, which is never null.
  public String text() {
    String message = getMessage();
    return message == null ? code.text() : message;
  }
}
