package io.elanus.rpc.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.rpc.http.HttpRequest;
import io.elanus.rpc.http.HttpResponse;
import io.elanus.rpc.http.HttpRoutes;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import io.grpc.netty.shaded.io.netty.handler.timeout.IdleStateEvent;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/1.1 connection: takes a request, has it answered on a virtual thread, writes the
/// answer, takes the next. Pipelined requests wait, and nothing is read off the wire meanwhile.
///
/// gRPC still believes it owns the connection and speaks to it in two ways, both met here. `close`
/// is its graceful shutdown: an idle connection closes at once, a busy one after its answer. A
/// write of anything but HTTP is its order to cut the connection: obeyed while shutting down; else
/// it is the handshake timeout, for a handshake that HTTP/1.1 does not have, and ignored.
///
/// All fields belong to the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails here closes the channel
final class HttpConnection extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  private final Run run;
  private final HttpRoutes routes;
  private final CallPermits permits;
  private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
  private boolean busy;
  private boolean closing;

  HttpConnection(Run run, HttpRoutes routes, CallPermits permits) {
    this.run = run;
    this.routes = routes;
    this.permits = permits;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    waiting.add((FullHttpRequest) message);
    context.channel().config().setAutoRead(false);
    takeNext(context);
  }

  private void takeNext(ChannelHandlerContext context) {
    while (!busy && !closing && !waiting.isEmpty()) {
      take(context, waiting.remove());
    }
    if (!busy) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void take(ChannelHandlerContext context, FullHttpRequest wire) {
    try {
      HttpRequest request = decode(wire);
      boolean keepAlive = HttpUtil.isKeepAlive(wire);
      if (permits.tryAcquire()) {
        busy = true;
        run.fork("http", () -> answer(context, request, keepAlive));
      } else {
        write(context, refusal(), keepAlive);
      }
    } catch (IllegalArgumentException e) {
      write(context, HttpResponse.failure(400, 400, "malformed HTTP request"), false);
    } finally {
      wire.release();
    }
  }

  private static HttpResponse refusal() {
    return HttpResponse.failure(429, ErrorCode.TOO_MANY_REQUESTS.number(), CallPermits.REFUSAL);
  }

  private static HttpRequest decode(FullHttpRequest wire) {
    if (!wire.decoderResult().isSuccess()) {
      throw new IllegalArgumentException(wire.decoderResult().cause());
    }
    QueryStringDecoder uri = new QueryStringDecoder(wire.uri());
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, String> header : wire.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      headers.merge(name, header.getValue(), (first, second) -> first + "," + second);
    }
    ByteString body = UnsafeByteOperations.unsafeWrap(ByteBufUtil.getBytes(wire.content()));
    return new HttpRequest(wire.method().name(), uri.path(), uri.rawQuery(), headers, body);
  }

  /// On the request's own thread.
  private void answer(ChannelHandlerContext context, HttpRequest request, boolean keepAlive) {
    HttpResponse response = answer(request);
    permits.release();
    context.executor().execute(() -> finish(context, response, keepAlive));
  }

  private HttpResponse answer(HttpRequest request) {
    try {
      return routes.answer(request);
    } catch (Throwable e) {
      log.error("http request failed method={} path={}", request.method(), request.path(), e);
      ErrorCode code = ErrorCode.UNEXPECTED;
      return HttpResponse.failure(500, code.number(), code.text());
    }
  }

  /// On the event loop, as everything below.
  private void finish(ChannelHandlerContext context, HttpResponse response, boolean keepAlive) {
    busy = false;
    write(context, response, keepAlive);
    takeNext(context);
  }

  private void write(ChannelHandlerContext context, HttpResponse response, boolean keepAlive) {
    closing |= !keepAlive;
    context
        .writeAndFlush(encode(response, !closing))
        .addListener(
            closing ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private static FullHttpResponse encode(HttpResponse response, boolean keepAlive) {
    ByteBuf body = Unpooled.wrappedBuffer(response.body().asReadOnlyByteBuffer());
    FullHttpResponse wire =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    wire.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    HttpUtil.setContentLength(wire, response.body().size());
    HttpUtil.setKeepAlive(wire, keepAlive);
    return wire;
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    closing = true;
    if (!busy) {
      context.close(promise);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpObject) {
      context.write(message, promise);
      return;
    }
    ReferenceCountUtil.release(message);
    promise.setSuccess();
    if (closing) {
      context.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !busy) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("http connection lost peer={}", context.channel().remoteAddress(), cause);
    context.close();
  }
}
