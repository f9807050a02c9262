/* Witness of a program's file operations: writes down, in their order, everything that the program does to the files of
 * one folder and everything that it says on its standard output, or kills it in the middle of one of the operations.
 *
 *   LD_PRELOAD=witness.so CHAOS_FOLDER=/absolute/folder  what is watched; files named *-shm are not: they are shared
 *                                                        memory, and SQLite makes them anew after a crash
 *              CHAOS_TRACE=/path/of/trace                where it is written down
 *              CHAOS_KILL_AT=17                          dies in operation 17 (counted from 1); a write is done half
 *
 * A record is a header (struct record), the path and the data. One lock is held over an operation and its record, so
 * the trace has the order in which the operations ended. What is called here is what SQLite and Python call; that
 * nothing is missing is checked by the reader, who compares the files with what the trace makes of them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct record {
    uint32_t kind; /* 'C' create, 'W' write, 'T' truncate, 'S' sync, 'R' rename, 'U' unlink, 'A' said on stdout */
    uint32_t path_length;
    uint64_t inode;
    uint64_t offset; /* of a write; the size after a truncation */
    uint64_t length; /* of the data; of the new path where a file was renamed */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int trace = -1;
static long kill_at;
static long operations;

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CHAOS_TRACE"), *number = getenv("CHAOS_KILL_AT");
    folder = getenv("CHAOS_FOLDER");
    folder_length = folder ? strlen(folder) : 0;
    kill_at = number ? atol(number) : 0;
    if (folder && path) trace = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (folder && path && trace < 0) {
        perror(path);
        abort();
    }
}

static int is_watched(const char *path) {
    size_t length = strlen(path);
    return folder && strncmp(path, folder, folder_length) == 0 && (path[folder_length] == '/' || !path[folder_length]) &&
           !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

static int is_watched_file(int file, char path[4096]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = folder ? readlink(link, path, 4095) : -1;
    if (length < 0) return 0;
    path[length] = 0;
    return is_watched(path);
}

static uint64_t inode_of(int file) {
    struct stat status;
    return fstat(file, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

static void put(uint32_t kind, const char *path, uint64_t inode, uint64_t offset, const void *data, uint64_t length) {
    struct record head = {kind, (uint32_t)strlen(path), inode, offset, length};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path_length}, {(void *)data, length}};
    int error = errno;
    if (trace >= 0 && writev(trace, parts, 3) != (ssize_t)(sizeof head + head.path_length + length)) {
        perror("the trace cannot be written");
        abort();
    }
    errno = error;
}

/* Counts an operation and says whether the program shall die in it. */
static int is_last(void) { return ++operations == kill_at; }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int open_watched(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    if (!is_watched(path) || !(flags & (O_CREAT | O_TRUNC))) return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    int is_new = (flags & O_CREAT) && access(path, F_OK) != 0;
    if ((is_new || (flags & O_TRUNC)) && is_last()) die();
    int file = real(path, flags, mode);
    if (file >= 0 && is_new) put('C', path, inode_of(file), 0, "", 0);
    if (file >= 0 && !is_new && (flags & O_TRUNC)) put('T', path, inode_of(file), 0, "", 0);
    pthread_mutex_unlock(&lock);
    return file;
}

#define MODE_OF(flags, mode) \
    mode_t mode = 0; \
    if (flags & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { REAL(open); MODE_OF(flags, mode) return open_watched(real, path, flags, mode); }
int open64(const char *path, int flags, ...) { REAL(open64); MODE_OF(flags, mode) return open_watched(real, path, flags, mode); }

static ssize_t write_watched(int file, const void *data, size_t length, off64_t offset, int is_at_position) {
    REAL(pwrite64);
    static ssize_t (*plain)(int, const void *, size_t);
    if (!plain) plain = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    char path[4096];
    int is_said = file == STDOUT_FILENO && trace >= 0;
    if (!is_said && !is_watched_file(file, path))
        return is_at_position ? plain(file, data, length) : real(file, data, length, offset);
    pthread_mutex_lock(&lock);
    struct stat status;
    if (!is_said && is_at_position)
        offset = (fcntl(file, F_GETFL) & O_APPEND) && fstat(file, &status) == 0 ? status.st_size : lseek64(file, 0, SEEK_CUR);
    int must_die = !is_said && is_last();
    size_t part = must_die ? length / 2 : length;
    ssize_t done = is_at_position ? plain(file, data, part) : real(file, data, part, offset);
    if (must_die) die();
    if (done > 0) put(is_said ? 'A' : 'W', "", inode_of(file), is_said ? 0 : (uint64_t)offset, data, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int file, const void *data, size_t length) { return write_watched(file, data, length, 0, 1); }
ssize_t pwrite(int file, const void *data, size_t length, off_t offset) { return write_watched(file, data, length, offset, 0); }
ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) { return write_watched(file, data, length, offset, 0); }

static int truncate_watched(int file, off64_t size) {
    REAL(ftruncate64);
    char path[4096];
    if (!is_watched_file(file, path)) return real(file, size);
    pthread_mutex_lock(&lock);
    if (is_last()) die();
    int result = real(file, size);
    if (result == 0) put('T', "", inode_of(file), (uint64_t)size, "", 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int file, off_t size) { return truncate_watched(file, size); }
int ftruncate64(int file, off64_t size) { return truncate_watched(file, size); }

static int sync_watched(int (*real)(int), int file) {
    char path[4096];
    if (!is_watched_file(file, path)) return real(file);
    pthread_mutex_lock(&lock);
    if (is_last()) die();
    int result = real(file);
    if (result == 0) put('S', path, inode_of(file), 0, "", 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int file) { REAL(fsync); return sync_watched(real, file); }
int fdatasync(int file) { REAL(fdatasync); return sync_watched(real, file); }

int rename(const char *path, const char *target) {
    REAL(rename);
    if (!is_watched(path)) return real(path, target);
    pthread_mutex_lock(&lock);
    if (is_last()) die();
    int result = real(path, target);
    if (result == 0) put('R', path, 0, 0, target, strlen(target));
    pthread_mutex_unlock(&lock);
    return result;
}

int unlink(const char *path) {
    REAL(unlink);
    if (!is_watched(path)) return real(path);
    pthread_mutex_lock(&lock);
    if (is_last()) die();
    int result = real(path);
    if (result == 0) put('U', path, 0, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return result;
}
