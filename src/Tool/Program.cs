using Bixbite.Tool;
using Bixbite.Tool.Terminals;

return ToolProgram.Run(args, Terminal.OfProcess());
