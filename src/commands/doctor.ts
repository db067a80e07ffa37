import { type ContextRequest, type OpenContext, openContextOnDefaults } from '../app/open-context.ts';
import { exitCodes } from '../domain/errors.ts';
import type { DoctorPage } from '../reports/doctor-text.ts';
import { AlgoCommand } from './base-command.ts';

export default class Doctor extends AlgoCommand<DoctorPage> {
  static override summary = 'checks the computer, the settings and the data, and says what to do';
  static override description = 'Exit code 8 when a check fails; a line to look at is no failure.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  #fault: unknown;

  // A wrong configuration is what doctor is asked about, so it is a line of the page and not the end of it.
  protected override async open(request: ContextRequest): Promise<OpenContext> {
    try {
      return await super.open(request);
    } catch (error) {
      this.#fault = error;
      return openContextOnDefaults(request);
    }
  }

  protected async execute(context: OpenContext): Promise<DoctorPage> {
    const { doctor } = await import('../app/doctor/doctor.ts');
    const page = await doctor(context, this.#fault);
    if (!page.healthy) process.exitCode = exitCodes.check;
    return page;
  }

  protected async text(page: DoctorPage): Promise<string> {
    const { doctorText } = await import('../reports/doctor-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return doctorText(page, screenOf(process.stdout, process.env));
  }
}
