package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ObjectStore.Created;
import io.elanus.common.object.ObjectStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmbeddedObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore open() {
    return EmbeddedObjectStore.open(run, folder.resolve("objects"));
  }

  @Test
  void objectsAreThereWhenOpenedAnew() {
    store.create(KEY, new byte[] {1, 2});

    store.close();
    store = open();

    assertThat(store.read(KEY)).containsExactly(1, 2);
    assertThat(store.create(KEY, new byte[] {3})).isEqualTo(Created.EXISTS);
  }

  @Test
  void anObjectIsAFileOfItsName() throws IOException {
    store.create(KEY, new byte[] {1, 2});

    Path file = folder.resolve("objects").resolve(KEY.value());
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2);
  }

  @Test
  void leftoversOfACrashAreRemovedAndNeverListed() throws IOException {
    store.close();
    Path leftover = folder.resolve("objects.new/17");
    Files.write(leftover, new byte[5]);

    store = open();

    assertThat(leftover).doesNotExist();
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void nothingIsLeftBehindByCreating() throws IOException {
    store.create(KEY, new byte[] {1});
    store.create(KEY, new byte[] {2});
    assertFails(
        ErrorCode.STORAGE_IO_FAILED,
        () -> store.create(new ObjectKey("b"), folder.resolve("no such file")));

    assertThat(Files.list(folder.resolve("objects.new"))).isEmpty();
  }

  @Test
  void emptyFoldersGoWithTheirLastObject() {
    ObjectKey other = new ObjectKey("a1/c2/x");
    store.create(KEY, new byte[] {1});
    store.create(other, new byte[] {1});

    store.delete(KEY);
    assertThat(folder.resolve("objects/a1/c1")).doesNotExist();
    assertThat(store.read(other)).hasSize(1);

    store.delete(other);
    assertThat(folder.resolve("objects/a1")).doesNotExist();
    assertThat(folder.resolve("objects")).exists();
  }

  @Test
  void aKeyThatIsTheFolderOfAnotherIsRefused() {
    store.create(new ObjectKey("a/b"), new byte[] {1});

    for (String wrong : new String[] {"a", "a/b/c", "a/b/c/d"}) {
      assertFails(
          ErrorCode.INVALID_PARAMETER, () -> store.create(new ObjectKey(wrong), new byte[] {1}));
    }
    assertThat(store.read(new ObjectKey("a/b"))).hasSize(1);
  }

  @Test
  void aDownloadOnTheSameDiskIsALink() throws IOException {
    store.create(KEY, randomBytes(1000));
    Path target = folder.resolve("target");

    store.download(KEY, target);

    assertThat(Files.getAttribute(target, "unix:nlink")).isEqualTo(2);
  }
}
