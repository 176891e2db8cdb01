using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Settings;
using Bixbite.Server;

int port = args.Length > 1 && args[0] == "--port" ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 6379;
ServerParts parts = Composition.Build(new Settings(), new ServerIdentity("x", "x", "", 0, port), new ShutdownSignal());
Console.WriteLine(parts.Listener.BindTcp("127.0.0.1", port).Message);
parts.Listener.Start();
parts.Loops.Run();
