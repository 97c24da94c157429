/* Two threads of a program that looks like Python to a search for its runtime: one waits on a futex inside _PyRuntime,
   which is defined here if RUNTIME is set and else in a library, the other on one outside. The program prints both
   addresses and ends when its input ends. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef LIBRARY
int _PyRuntime[4096] = {1};
#else
#ifdef RUNTIME
int _PyRuntime[4096] = {1};
#else
extern int _PyRuntime[4096];
#endif
static int other;

static void *wait_on(void *p) {
	for (;;)
		syscall(SYS_futex, p, FUTEX_WAIT_PRIVATE, *(int *)p, 0, 0, 0);
	return 0;
}

int main(void) {
	pthread_t t;
	char c;
	pthread_create(&t, 0, wait_on, &_PyRuntime[100]);
	pthread_create(&t, 0, wait_on, &other);
	printf("%lu %lu\n", (unsigned long)&_PyRuntime[100], (unsigned long)&other);
	fflush(stdout);
	return read(0, &c, 1) < 0;
}
#endif
