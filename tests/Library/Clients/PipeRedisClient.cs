using System.Collections.Concurrent;
using FreeRedis;
using FreeRedis.Internal;

namespace Bixbite.Library.Clients;

/// <summary>
/// A client of FreeRedis that reaches a server through memory. As many connections are made as are needed at once, and are kept. FreeRedis
/// gives a client of one's own neither subscriptions nor notices and interceptors.
/// </summary>
internal sealed class PipeRedisClient : RedisClient
{
    internal PipeRedisClient(BixbiteServer server)
        : base(new PipeAdapter(server)) => ((PipeAdapter)Adapter).Serve(this);

    private sealed class PipeAdapter : BaseAdapter
    {
        private readonly BixbiteServer _server;
        private readonly ConcurrentBag<PipeRedisSocket> _idle = [];

        internal PipeAdapter(BixbiteServer server)
        {
            _server = server;
            UseType = UseType.Pooling;
        }

        internal void Serve(RedisClient client) => TopOwner = client;

        /// <summary>A connection that is the caller's until it is disposed.</summary>
        public override IRedisSocket GetRedisSocket(CommandPacket cmd)
        {
            PipeRedisSocket socket = _idle.TryTake(out PipeRedisSocket? idle) ? idle : new PipeRedisSocket(_server);
            return DefaultRedisSocket.CreateTempProxy(socket, () => GiveBack(socket));
        }

        public override TValue AdapterCall<TValue>(CommandPacket cmd, Func<RedisResult, TValue> parse)
        {
            using IRedisSocket socket = GetRedisSocket(cmd);
            socket.Write(cmd);
            return parse(socket.Read(cmd));
        }

        public override async Task<TValue> AdapterCallAsync<TValue>(CommandPacket cmd, Func<RedisResult, TValue> parse)
        {
            using IRedisSocket socket = GetRedisSocket(cmd);
            await socket.WriteAsync(cmd);
            return parse(await socket.ReadAsync(cmd));
        }

        public override void Refersh(IRedisSocket redisSocket)
        {
        }

        public override void Dispose()
        {
            while (_idle.TryTake(out PipeRedisSocket? socket))
            {
                socket.Dispose();
            }
        }

        private void GiveBack(PipeRedisSocket socket)
        {
            if (socket.IsConnected)
            {
                _idle.Add(socket);
            }
        }
    }
}
