/* Kills the process it is loaded into before or after the n-th time that it makes a file durable.
   Armed by `kill_at`; fsync and fdatasync are all that SQLite and we use for it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int left;
static int is_after;

void kill_at(int number, int after)
{
    is_after = after;
    left = number;
}

static int counted(const char *name, int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int is_here = left > 0 && atomic_fetch_sub(&left, 1) == 1;
    if (is_here && !is_after)
        kill(getpid(), SIGKILL);
    int answer = real(file);
    if (is_here)
        kill(getpid(), SIGKILL);
    return answer;
}

int fsync(int file) { return counted("fsync", file); }
int fdatasync(int file) { return counted("fdatasync", file); }
