/* Four threads that count ("spin"), or that sleep 50 ms three times under one lock ("lock"). */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile unsigned long sink;

static void *spin(void *arg) {
	(void)arg;
	pthread_setname_np(pthread_self(), "spinner");
	struct timespec t;
	do {
		unsigned long x = 1;
		for (int i = 0; i < 100000; i++)
			x = x * 6364136223846793005ul + i;
		sink = x;
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	} while (t.tv_sec == 0 && t.tv_nsec < 300000000);
	return 0;
}

static void *sleeper(void *arg) {
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&lock);
		usleep(50000);
		pthread_mutex_unlock(&lock);
		usleep(1000);
	}
	return 0;
}

int main(int argc, char **argv) {
	void *(*run)(void *) = argc > 1 && strcmp(argv[1], "lock") == 0 ? sleeper : spin;
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[i], 0, run, 0))
			return 1;
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], 0);
	return 0;
}
