/** Nothing enters; the paths of the two WebSockets leave. */
export const CAMERA_SOCKET_PATH = '/api/live/camera';
export const VIEWER_SOCKET_PATH = '/api/live/watch';
