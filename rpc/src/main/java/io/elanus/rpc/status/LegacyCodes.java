package io.elanus.rpc.status;

import io.elanus.proto.milvus.ErrorCode;

/// The codes of Milvus before 2.3, which clients still look at: the Node SDK branches on their
/// names, and every SDK takes a reply as failed when this one is not `Success`.
@SuppressWarnings("deprecation")
final class LegacyCodes {
  private LegacyCodes() {}

  /// @param number the code of today
  static ErrorCode of(int number) {
    return switch (number) {
      case 0 -> ErrorCode.Success;
      case 1, 110 -> ErrorCode.NotReadyServe;
      case 3 -> ErrorCode.InsufficientMemoryToLoad;
      case 7 -> ErrorCode.DiskQuotaExhausted;
      case 8 -> ErrorCode.RateLimit;
      case 9 -> ErrorCode.ForceDeny;
      case 11, 505 -> ErrorCode.TimeTickLongDelay;
      case 100 -> ErrorCode.CollectionNotExists;
      case 109 -> ErrorCode.SchemaMismatch;
      case 200, 400, 501 -> ErrorCode.MetaFailed;
      case 401, 503, 506, 905 -> ErrorCode.NoReplicaAvailable;
      case 600 -> ErrorCode.SegmentNotFound;
      case 700 -> ErrorCode.IndexNotExist;
      case 904 -> ErrorCode.NodeIDNotMatch;
      case 1100, 1101, 1102 -> ErrorCode.IllegalArgument;
      default -> ErrorCode.UnexpectedError;
    };
  }
}
