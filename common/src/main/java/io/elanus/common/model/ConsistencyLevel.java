package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;

/// How fresh a read must be, by the number Milvus gives it (`common.proto`, `ConsistencyLevel`).
public enum ConsistencyLevel {
  STRONG(0),
  SESSION(1),
  BOUNDED(2),
  EVENTUALLY(3),
  CUSTOMIZED(4);

  private final int number;

  ConsistencyLevel(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a number that names none
  public static ConsistencyLevel ofNumber(int number) {
    for (ConsistencyLevel level : values()) {
      if (level.number == number) {
        return level;
      }
    }
    throw ErrorCode.INVALID_PARAMETER.because("invalid consistency level: %d", number);
  }
}
