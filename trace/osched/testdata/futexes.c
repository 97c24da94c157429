/* One thread holds a lock, one waits for the lock, one for a condition, one at a barrier, and the first for the end of
 * another. It prints the addresses of the lock, the condition and the barrier and goes on until its input ends. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static int go;

static void *holds(void *arg)
{
	char c;
	pthread_mutex_lock(&lock);
	while (read(0, &c, 1) > 0)
		;
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&other);
	go = 1;
	pthread_cond_broadcast(&condition);
	pthread_mutex_unlock(&other);
	pthread_barrier_wait(&barrier);
	return arg;
}

static void *wants(void *arg)
{
	usleep(50000);
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *waits(void *arg)
{
	pthread_mutex_lock(&other);
	while (!go)
		pthread_cond_wait(&condition, &other);
	pthread_mutex_unlock(&other);
	return arg;
}

static void *meets(void *arg)
{
	pthread_barrier_wait(&barrier);
	return arg;
}

int main(void)
{
	void *(*run[])(void *) = {holds, wants, waits, meets};
	pthread_t t[4];
	pthread_barrier_init(&barrier, NULL, 2);
	printf("%lu %lu %lu\n", (unsigned long)&lock, (unsigned long)&condition, (unsigned long)&barrier);
	fflush(stdout);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, run[i], NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return 0;
}
