using System.Runtime.InteropServices;
using Replica.PeerCli;
using Replica.PeerCli.Output;

using var terminal = new Terminal();
using var stop = new CancellationTokenSource();

// The first signal asks for an orderly end; the second one is the system's own: it ends the process.
void Stop(PosixSignalContext context)
{
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.RunAsync(args, terminal, stop.Token);
