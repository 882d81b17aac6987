package io.elanus.adapters.s3;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/// What becomes an object. Any range of it may be read again.
sealed interface S3Content {
  long sizeBytes();

  /// @throws UncheckedIOException when it cannot be read
  InputStream open(long start, long length);

  /// A range of it as the body of a request.
  default RequestBody body(long start, long length) {
    ContentStreamProvider stream =
        ContentStreamProvider.fromInputStreamSupplier(() -> open(start, length));
    return RequestBody.fromContentProvider(stream, length, "application/octet-stream");
  }

  /// Not copied: unchanged until the object is created.
  record Bytes(byte[] bytes) implements S3Content {
    @Override
    public long sizeBytes() {
      return bytes.length;
    }

    @Override
    public InputStream open(long start, long length) {
      return new ByteArrayInputStream(bytes, (int) start, (int) length);
    }
  }

  record File(Path path, long sizeBytes) implements S3Content {
    @Override
    public InputStream open(long start, long length) {
      try {
        return new FileRange(FileChannel.open(path, StandardOpenOption.READ), start, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// A range of a file as a stream, which closes it. One thread.
  final class FileRange extends InputStream {
    private final FileChannel file;
    private final long end;
    private long position;

    private FileRange(FileChannel file, long start, long length) {
      this.file = file;
      this.position = start;
      this.end = start + length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (position == end) {
        return -1;
      }
      int most = (int) Math.min(length, end - position);
      int read = file.read(ByteBuffer.wrap(target, offset, most), position);
      if (read < 0) {
        throw new EOFException("the file became shorter");
      }
      position += read;
      return read;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, end - position);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
