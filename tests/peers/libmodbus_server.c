/* libmodbus as a Modbus device: libmodbus_server PORT; 200 registers and 20 bits of each table, for any unit.

   Values come as JSON lines on its standard input ({"HR100:F32": 21.5}); it says "done", and ends when that is closed.
*/
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#define REGISTERS 200
#define BITS 20

static void store(modbus_mapping_t *mapping, const char *address, double value) {
    int offset = atoi(address + 2);
    if (!strncmp(address, "CO", 2) || !strncmp(address, "DI", 2)) {
        (address[0] == 'C' ? mapping->tab_bits : mapping->tab_input_bits)[offset] = value != 0;
        return;
    }
    uint16_t *table = address[0] == 'H' ? mapping->tab_registers : mapping->tab_input_registers;
    if (strstr(address, ":F32")) { /* modbus_set_float_abcd of 3.1.6 swaps on little-endian machines */
        float single = (float)value;
        uint32_t bits;
        memcpy(&bits, &single, sizeof bits);
        table[offset] = (uint16_t)(bits >> 16);
        table[offset + 1] = (uint16_t)bits;
    } else
        table[offset] = (uint16_t)(int16_t)value;
}

/* Take one line of flat JSON; return 0 at the end of the input. */
static int take(modbus_mapping_t *mapping) {
    char line[4096], address[64];
    double value;
    if (!fgets(line, sizeof line, stdin))
        return 0;
    for (char *at = strchr(line, '"'); at; at = strchr(at + 1, '"')) {
        if (sscanf(at, "\"%63[^\"]\": %lf", address, &value) == 2)
            store(mapping, address, value);
        at = strchr(at + 1, '"');
    }
    puts("done");
    return !fflush(stdout);
}

int main(int count, char **arguments) {
    modbus_t *context = count > 1 ? modbus_new_tcp("127.0.0.1", atoi(arguments[1])) : NULL;
    modbus_mapping_t *mapping = modbus_mapping_new(BITS, BITS, REGISTERS, REGISTERS);
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    int listener = context ? modbus_tcp_listen(context, 8) : -1, highest = listener;
    fd_set known;

    if (listener < 0) {
        fprintf(stderr, "listen: %s\n", modbus_strerror(errno));
        return 1;
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* select must see all that waits */
    FD_ZERO(&known);
    FD_SET(listener, &known);
    FD_SET(STDIN_FILENO, &known);
    puts("ready");
    fflush(stdout);
    for (;;) {
        fd_set ready = known;
        if (select(highest + 1, &ready, NULL, NULL, NULL) < 0)
            return 1;
        if (FD_ISSET(STDIN_FILENO, &ready) && !take(mapping))
            return 0;
        for (int socket = STDIN_FILENO + 1; socket <= highest; socket++) {
            if (!FD_ISSET(socket, &ready))
                continue;
            if (socket == listener) {
                int client = modbus_tcp_accept(context, &listener);
                if (client >= 0) {
                    FD_SET(client, &known);
                    highest = client > highest ? client : highest;
                }
                continue;
            }
            modbus_set_socket(context, socket);
            int length = modbus_receive(context, query);
            if (length > 0)
                modbus_reply(context, query, length, mapping);
            else if (length < 0) {
                close(socket);
                FD_CLR(socket, &known);
            }
        }
    }
}
