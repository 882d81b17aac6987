package io.elanus.adapters.s3;

import java.util.Locale;

/// What a request does, and the permission it needs.
enum S3Action {
  PUT("s3:PutObject"),
  GET("s3:GetObject"),
  SIZE("s3:GetObject"),
  LIST("s3:ListBucket"),
  DELETE("s3:DeleteObject"),
  START_UPLOAD("s3:PutObject"),
  PUT_PART("s3:PutObject"),
  FINISH_UPLOAD("s3:PutObject"),
  ABORT_UPLOAD("s3:AbortMultipartUpload");

  private final String permission;

  S3Action(String permission) {
    this.permission = permission;
  }

  String permission() {
    return permission;
  }

  /// As in metrics and messages.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
