using Bixbite.Launcher;
using Bixbite.Telemetry;

return ServerProgram.Run(args, "bixbite-server-otlp", OtlpExport.Start);
