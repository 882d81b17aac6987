package io.elanus.adapters.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What each payload is combined with (exclusive or) on its way to the disk and back: 8 bytes over and over.
///
/// Rows are often zeros for long, a sector that was not written is zeros, too, and recovery has to tell the one
/// from the other ([TornEnd]). What was written is therefore never a sector of zeros.
///
/// @param value its bytes, the first one lowest
record PayloadMask(long value) {
  /// Of files that leave payloads as they are.
  static final PayloadMask NONE = new PayloadMask(0);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// No byte of it is zero, and nobody outside knows what it is.
  static PayloadMask of(long incarnation) {
    return new PayloadMask(incarnation * 0x9E3779B97F4A7C15L | 0x0101010101010101L);
  }

  /// Puts the mask on, or takes it off.
  ///
  /// @param payload all of it; changed
  void apply(byte[] payload) {
    if (value == 0) {
      return;
    }
    int whole = payload.length & -Long.BYTES;
    for (int at = 0; at < whole; at += Long.BYTES) {
      LONGS.set(payload, at, (long) LONGS.get(payload, at) ^ value);
    }
    for (int at = whole; at < payload.length; at++) {
      payload[at] ^= (byte) (value >>> Byte.SIZE * (at - whole));
    }
  }
}
