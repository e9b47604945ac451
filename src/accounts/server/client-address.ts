/** The name of the one header by which a request's address, as the server knows it, reaches Better Auth. */

/** The only field that the client's address is read from: the caller writes it, a client's own is not handed on. */
export const CLIENT_ADDRESS_FIELD = 'x-vigie-client-address';
