package io.elanus.adapters.embedded;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/// The tree of folders that keys span. Folders come with the first object in them and go with the last.
///
/// The gate keeps a folder from going between its making and the link into it; it also guards the set
/// of folders whose names are known to be on the disk. Nothing is synced inside it.
final class ObjectFolder {
  private final Path root;
  private final Gate gate;

  // guarded by gate
  private final Set<Path> durable = new HashSet<>();

  ObjectFolder(Run run, Path root) {
    this.root = root;
    this.gate = run.gate();
    durable.add(root);
  }

  Path root() {
    return root;
  }

  Path path(ObjectKey key) {
    return root.resolve(key.value());
  }

  boolean contains(ObjectKey key) {
    return Files.isRegularFile(path(key), LinkOption.NOFOLLOW_LINKS);
  }

  /// Gives `file` the name `key`, durably. @return false when the name is taken
  boolean link(ObjectKey key, Path file) throws IOException {
    boolean linked = inGate(() -> linkUnlessTaken(key, file));
    sync(key);
    return linked;
  }

  /// Makes the name `key` durable, and the names of the folders above it.
  void sync(ObjectKey key) throws IOException {
    try {
      syncUpFrom(Folders.parent(path(key)));
    } catch (NoSuchFileException _) {
      // the object was deleted meanwhile, and its folder with it
    }
  }

  private boolean linkUnlessTaken(ObjectKey key, Path file) throws IOException {
    Path path = path(key);
    try {
      Files.createDirectories(Folders.parent(path));
      Files.createLink(path, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (contains(key)) {
        return false;
      }
      throw asFolderOfAnother(key, e);
    } catch (FileSystemException e) {
      throw asFolderOfAnother(key, e);
    }
  }

  /// Tells a key that cannot be, because a file would have to be a folder, from other trouble.
  private FileSystemException asFolderOfAnother(ObjectKey key, FileSystemException cause) {
    for (Path above = path(key); !above.equals(root); above = Folders.parent(above)) {
      boolean isFile = Files.isRegularFile(above);
      if (above.equals(path(key)) ? Files.isDirectory(above) : isFile) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "object %s cannot be beside object %s", key, root.relativize(above));
      }
    }
    return cause;
  }

  private void syncUpFrom(Path folder) throws IOException {
    Folders.sync(folder);
    for (Path next = folder; !gate.read(known(next)); next = Folders.parent(next)) {
      Folders.sync(Folders.parent(next));
      Path synced = next;
      gate.change(() -> durable.add(synced));
    }
  }

  private Supplier<Boolean> known(Path folder) {
    return () -> durable.contains(folder);
  }

  /// Removes the object, and the folders that are empty without it.
  void delete(ObjectKey key) throws IOException {
    if (contains(key)) {
      Files.deleteIfExists(path(key));
      inGate(() -> prune(Folders.parent(path(key))));
    }
  }

  private boolean prune(Path folder) throws IOException {
    try {
      for (Path empty = folder; !empty.equals(root); empty = Folders.parent(empty)) {
        Files.delete(empty);
        durable.remove(empty);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException _) {
      // still in use, or gone with another object
    }
    return true;
  }

  private boolean inGate(Action action) throws IOException {
    try {
      return gate.change(() -> {
        try {
          return action.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private interface Action {
    boolean run() throws IOException;
  }
}
