using System.Globalization;
using Bixbite;
using Bixbite.RoundTrips;
using StackExchange.Redis;

// GETs of 16 bytes by one caller and by sixteen, on every way to a server, in interleaved rounds: time and allocations of a call.
// Arguments: more servers that are reached over loopback TCP, each as NAME=PORT, such as redis-server=6390.
const int RoundCount = 15;
const int CallCount = 5000;
const int CallersMax = 16;
byte[] value = "sixteen bytes ok"u8.ToArray();
await using BixbiteServer server = await BixbiteServer.StartAsync();
Func<Task> direct = () => server.ExecuteAsync("GET", "key");
List<Way> ways = [new Way("direct call", direct), new Way("direct call", direct) { CallerCount = CallersMax }];
await server.ExecuteAsync("SET", "key", value);
List<ConnectionMultiplexer> clients = [];
await AddAsync("in process", server.ConfigureClient());
foreach (string[] other in args.Select(static argument => argument.Split('=')))
{
    await AddAsync($"{other[0]}, loopback", ConfigurationOptions.Parse($"127.0.0.1:{other[1]}"));
}
for (int round = -3; round < RoundCount; round++)
{
    foreach (Way way in ways)
    {
        await way.RunAsync(CallCount, isCounted: round >= 0);
    }
}
Console.WriteLine("| way | callers | us per GET | GETs a second | bytes allocated |");
Console.WriteLine("| --- | --: | --: | --: | --: |");
foreach (Way way in ways)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {way.Name} | {way.CallerCount} | {way.Us:F1} | {1e6 / way.Us:F0} | {way.Bytes:F0} |"));
}
foreach (ConnectionMultiplexer client in clients)
{
    await client.DisposeAsync();
}

async Task AddAsync(string where, ConfigurationOptions options)
{
    ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(options);
    clients.Add(client);
    IDatabase database = client.GetDatabase();
    await database.StringSetAsync("key", value);
    ways.Add(new Way($"StackExchange.Redis, {where}", () => database.StringGetAsync("key")));
    ways.Add(new Way($"StackExchange.Redis, {where}", () => database.StringGetAsync("key")) { CallerCount = CallersMax });
    ways.Add(new Way($"StackExchange.Redis, {where}, blocking", () =>
    {
        database.StringGet("key");
        return Task.CompletedTask;
    }));
}
