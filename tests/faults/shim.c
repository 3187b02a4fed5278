/* Between a process and the C library (LD_PRELOAD): records what is written below a folder, and lets the n-th call fail.
   FAULT_ROOT names the folder, FAULT_LOG the record; fault_arm(kind, nth, errno, lasting) arms: kind 1 writes, 2 syncs and renames;
   an errno below 0 is the end of the process instead. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static const char *root;
static size_t root_length;
static int record = -1, kind, nth, number, lasting, calls, fired;
__attribute__((constructor)) static void begin(void) {
    char *log = getenv("FAULT_LOG"), *armed = getenv("FAULT_ARM");
    root = getenv("FAULT_ROOT"), root_length = root ? strlen(root) : 0;
    if (log) record = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (armed) sscanf(armed, "%d,%d,%d,%d", &kind, &nth, &number, &lasting);
}
void fault_arm(int which, int at, int error, int lasts) { kind = which, nth = at, number = error, lasting = lasts, calls = fired = 0; }
int fault_fired(void) { return fired; }
int fault_calls(void) { return calls; }
static int below(const char *path) { return root && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]); }
static int named(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 4095);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}
static const char *absolute(const char *path, char *space) { /* resolves the folder, the file may be missing */
    char held[4096], *slash;
    if (path[0] == '/') return path;
    if (!getcwd(held, sizeof held)) return path;
    slash = held, snprintf(space, 4096, "%.2000s/%.2000s", slash, path);
    return space;
}
static void note(char op, const char *path, const char *other, int64_t at, const void *bytes, size_t size) {
    if (record < 0) return;
    struct { uint32_t path, other, size; int32_t op; int64_t at; } head = {strlen(path), strlen(other), size, op, at};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)other, head.other}, {(void *)bytes, size}};
    syscall(SYS_writev, record, parts, 4);
}
static int fails(int which) {
    if (which != kind) return 0;
    calls++;
    if (calls != nth && !(lasting && calls > nth)) return 0;
    if (number < 0) kill(getpid(), SIGKILL);
    fired = 1, errno = number;
    return 1;
}
#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); real; })
#define WRITTEN(call, at_) char path[4096]; int ours = named(fd, path); if (ours && fails(1)) return -1; \
    ssize_t done = call; if (ours && done > 0) note('w', path, "", at_, bytes, done); return done;
ssize_t write(int fd, const void *bytes, size_t size) { WRITTEN(REAL(write)(fd, bytes, size), lseek(fd, 0, SEEK_CUR) - done) }
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { WRITTEN(REAL(pwrite)(fd, bytes, size, at), at) }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { WRITTEN(REAL(pwrite64)(fd, bytes, size, at), at) }
#define OF_FILE(name, which, op, at_, ...) { char path[4096]; int ours = named(fd, path); if (ours && fails(which)) return -1; \
    int done = REAL(name)(__VA_ARGS__); if (ours && !done) note(op, path, "", at_, "", 0); return done; }
int ftruncate(int fd, off_t size) OF_FILE(ftruncate, 1, 't', size, fd, size)
int ftruncate64(int fd, off64_t size) OF_FILE(ftruncate64, 1, 't', size, fd, size)
int fsync(int fd) OF_FILE(fsync, 2, 's', 0, fd)
int fdatasync(int fd) OF_FILE(fdatasync, 2, 's', 0, fd)
#define OF_NAMES(name, which, op, from, to) { char one[4096], two[4096]; const char *a = absolute(from, one), *b = absolute(to, two); \
    if (below(a) && fails(which)) return -1; int done = REAL(name)(from, to); if (below(a) && !done) note(op, a, b, 0, "", 0); return done; }
int rename(const char *from, const char *to) OF_NAMES(rename, 2, 'r', from, to)
int link(const char *from, const char *to) OF_NAMES(link, 2, 'l', from, to)
int unlink(const char *path) {
    char space[4096];
    const char *a = absolute(path, space);
    int done = REAL(unlink)(path);
    if (below(a) && !done) note('u', a, "", 0, "", 0);
    return done;
}
int mkdir(const char *path, mode_t mode) {
    char space[4096];
    return below(absolute(path, space)) && fails(1) ? -1 : REAL(mkdir)(path, mode);
}
#define OPENED(name) { mode_t mode = 0; if (flags & O_CREAT) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
    char space[4096]; const char *a = absolute(path, space); int fresh = below(a) && (flags & O_CREAT) && access(a, F_OK); \
    if (fresh && fails(1)) return -1; int fd = REAL(name)(path, flags, mode); \
    if (fd >= 0 && fresh) note('c', a, "", 0, "", 0); \
    else if (fd >= 0 && below(a) && (flags & O_TRUNC)) note('t', a, "", 0, "", 0); return fd; }
int open(const char *path, int flags, ...) OPENED(open)
int open64(const char *path, int flags, ...) OPENED(open64)
