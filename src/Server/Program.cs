using Bixbite.Launcher;

return ServerProgram.Run(args);
