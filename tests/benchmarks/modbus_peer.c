/* libmodbus as the peer of the benchmark "modbus": a server of 10,000 holding registers, and a client that reads 125.

   modbus_peer server PORT            says "ready", serves until its standard input is closed
   modbus_peer client PORT REQUESTS   prints: seconds, processor seconds
*/
#include <errno.h>
#include <modbus.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REGISTERS 10000
#define BLOCK 125

static double now(clockid_t clock) {
    struct timespec moment;
    clock_gettime(clock, &moment);
    return moment.tv_sec + moment.tv_nsec * 1e-9;
}

static int fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno));
    return 1;
}

static int serve(int port) {
    modbus_t *context = modbus_new_tcp("127.0.0.1", port);
    modbus_mapping_t *mapping = modbus_mapping_new(0, 0, REGISTERS, 0);
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    int listener = modbus_tcp_listen(context, 8);
    fd_set known;
    int highest = listener;

    if (listener < 0)
        return fail("listen");
    for (int row = 0; row < REGISTERS; row++)
        mapping->tab_registers[row] = (uint16_t)row;
    FD_ZERO(&known);
    FD_SET(listener, &known);
    FD_SET(STDIN_FILENO, &known);
    puts("ready");
    fflush(stdout);
    for (;;) {
        fd_set ready = known;
        if (select(highest + 1, &ready, NULL, NULL, NULL) < 0)
            return fail("select");
        if (FD_ISSET(STDIN_FILENO, &ready))
            return 0;
        for (int socket = 0; socket <= highest; socket++) {
            if (!FD_ISSET(socket, &ready) || socket == STDIN_FILENO)
                continue;
            if (socket == listener) {
                int client = modbus_tcp_accept(context, &listener);
                if (client < 0)
                    return fail("accept");
                FD_SET(client, &known);
                highest = client > highest ? client : highest;
                continue;
            }
            modbus_set_socket(context, socket);
            int length = modbus_receive(context, query);
            if (length > 0) {
                modbus_reply(context, query, length, mapping);
            } else if (length < 0) {
                close(socket);
                FD_CLR(socket, &known);
            }
        }
    }
}

static int ask(int port, int requests) {
    modbus_t *context = modbus_new_tcp("127.0.0.1", port);
    uint16_t registers[BLOCK];

    if (modbus_connect(context) < 0)
        return fail("connect");
    double began = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
    for (int row = 0; row < requests; row++)
        if (modbus_read_registers(context, 0, BLOCK, registers) != BLOCK)
            return fail("read");
    printf("%.9f %.9f\n", now(CLOCK_MONOTONIC) - began, now(CLOCK_PROCESS_CPUTIME_ID) - used);
    modbus_close(context);
    modbus_free(context);
    return 0;
}

int main(int count, char **words) {
    if (count == 3 && strcmp(words[1], "server") == 0)
        return serve(atoi(words[2]));
    if (count == 4 && strcmp(words[1], "client") == 0)
        return ask(atoi(words[2]), atoi(words[3]));
    fputs("modbus_peer server PORT | client PORT REQUESTS\n", stderr);
    return 2;
}
