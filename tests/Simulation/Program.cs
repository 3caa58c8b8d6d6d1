using Replica.Tests.Simulation;

return Options.TryParse(args, out var options) ? new Runner(options, Console.Out).Run() : Options.Explain(Console.Error);
