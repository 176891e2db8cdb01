// A client of SignalR's JSON protocol over a WebSocket, as small as this shop needs it, so that the sample has all it runs. An application takes
// the package @microsoft/signalr, which has other transports too.
const end = '\u001e';

/**
 * Connects to the hub, and again whenever the connection ends.
 * @param {Record<string, (...args: any[]) => void>} handlers what the server may call, by name
 * @param {(isOpen: boolean) => void} [changed] told when the connection opens and ends
 */
export function connect(handlers, changed = () => {}) {
    let socket;
    open();
    return {
        /** Calls a method of the hub; false where there is no connection. */
        send(target, ...args) {
            if (socket.readyState !== WebSocket.OPEN) {
                return false;
            }
            post({ type: 1, target, arguments: args });
            return true;
        },
    };

    function post(message) {
        socket.send(JSON.stringify(message) + end);
    }

    function open() {
        const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
        socket = new WebSocket(`${scheme}//${location.host}/live`);
        let isGreeted = false;
        let beat;
        socket.onopen = () => {
            post({ protocol: 'json', version: 1 });
            beat = setInterval(() => post({ type: 6 }), 10000);
        };
        socket.onmessage = event => {
            for (const text of event.data.split(end).filter(part => part)) {
                const message = JSON.parse(text);
                if (!isGreeted) {
                    isGreeted = true;
                    changed(!message.error);
                } else if (message.type === 1) {
                    handlers[message.target]?.(...message.arguments);
                }
            }
        };
        socket.onclose = () => {
            clearInterval(beat);
            changed(false);
            setTimeout(open, 1000);
        };
    }
}
