package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.Detachable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// A request as it came in. Its size is known before its message is made, so that a large one can wait, or be
/// refused, as bytes of the wire, which are no heap yet. Belongs to the thread of its call.
public final class RequestBody implements AutoCloseable {
  private final Marshaller<Message> type;
  private final int bytes;
  private @Nullable InputStream wire;
  private @Nullable Message message;

  private RequestBody(
      Marshaller<Message> type, int bytes, @Nullable InputStream wire, @Nullable Message message) {
    this.type = type;
    this.bytes = bytes;
    this.wire = wire;
    this.message = message;
  }

  /// A request that is there already.
  public static RequestBody of(RpcMethod method, Message message) {
    return of(method.wire().getRequestMarshaller(), message);
  }

  private static RequestBody of(Marshaller<Message> type, Message message) {
    return new RequestBody(type, message.getSerializedSize(), null, message);
  }

  /// What a transport hands over. One that compresses, or shares the sender's process, has no bytes to hand over:
  /// then the message is made here.
  static RequestBody received(InputStream stream, Marshaller<Message> type) {
    if (!(stream instanceof Detachable transport && stream instanceof KnownLength)) {
      return of(type, type.parse(stream));
    }
    try {
      int bytes = stream.available();
      return new RequestBody(type, bytes, transport.detach(), null);
    } catch (IOException e) {
      throw new UncheckedIOException("a request without a length", e);
    }
  }

  /// The same request with another message, which was made of its own.
  public RequestBody with(Message filled) {
    return new RequestBody(type, bytes, null, filled);
  }

  /// On the wire, uncompressed.
  public int bytes() {
    return bytes;
  }

  /// Whether [#message] was asked for.
  public boolean isMade() {
    return message != null;
  }

  /// Made when it is first asked for; the bytes of the wire are let go then.
  ///
  /// @throws io.grpc.StatusRuntimeException INTERNAL when the bytes are no such message
  /// @throws IllegalStateException when this was closed before
  public Message message() {
    Message made = message;
    if (made == null) {
      made = parsed();
      message = made;
    }
    return made;
  }

  private Message parsed() {
    if (wire == null) {
      throw new IllegalStateException("the request was let go");
    }
    try {
      return type.parse(wire);
    } finally {
      close();
    }
  }

  /// Lets go what it holds.
  @Override
  public void close() {
    message = null;
    InputStream bytesOfWire = wire;
    wire = null;
    if (bytesOfWire != null) {
      try {
        bytesOfWire.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
