"""The organisation: units, members, accounts, lists, holidays. Part of the ``campaigns`` namespace."""

from django.urls import path

from campaigns.views import appointments, holidays, imports, members, sign_in, slips, units

urlpatterns = [
    path("organization/", units.UnitList.as_view(), name="unit_list"),
    path("organization/units/<int:pk>/", units.UnitDetail.as_view(), name="unit_detail"),
    path("organization/units/<int:pk>/add/", units.UnitCreate.as_view(), name="unit_create"),
    path("organization/units/<int:pk>/edit/", units.UnitEdit.as_view(), name="unit_edit"),
    path("organization/units/<int:pk>/move/", units.UnitMove.as_view(), name="unit_move"),
    path("organization/units/<int:pk>/close/", units.UnitClose.as_view(), name="unit_close"),
    path("organization/units/<int:pk>/reopen/", units.reopen, name="unit_reopen"),
    path("organization/units/<int:pk>/appoint/", appointments.AppointmentCreate.as_view(), name="appointment_create"),
    path("organization/appointments/<int:pk>/end/", appointments.AppointmentEnd.as_view(), name="appointment_end"),
    path("organization/members/", members.MemberList.as_view(), name="member_list"),
    path("organization/members/slips/", slips.Slips.as_view(), name="member_slips"),
    path("organization/units/<int:pk>/members/add/", members.MemberCreate.as_view(), name="member_create"),
    path("organization/members/<int:pk>/", members.MemberDetail.as_view(), name="member_detail"),
    path("organization/members/<int:pk>/edit/", members.MemberEdit.as_view(), name="member_edit"),
    path("organization/members/<int:pk>/transfer/", members.MemberTransfer.as_view(), name="member_transfer"),
    path("organization/members/<int:pk>/leave/", members.MemberLeave.as_view(), name="member_leave"),
    path("organization/members/<int:pk>/return/", members.bring_back, name="member_return"),
    path("organization/members/<int:pk>/appraisal/", members.AppraisalCreate.as_view(), name="appraisal_create"),
    path("organization/appraisals/<int:pk>/remove/", members.appraisal_remove, name="appraisal_remove"),
    path("organization/members/<int:pk>/account/", members.give_account, name="member_account"),
    path("organization/members/<int:pk>/password/", members.initial_password, name="member_password"),
    path("in/", sign_in.sign_in, name="sign_in_link"),
    path("imports/", imports.ImportList.as_view(), name="import_list"),
    path("imports/new/<slug:kind>/", imports.ImportCreate.as_view(), name="import_create"),
    path("imports/template/<slug:kind>/", imports.template, name="import_template"),
    path("imports/export/<slug:kind>/", imports.export, name="import_export"),
    path("imports/<int:pk>/", imports.ImportDetail.as_view(), name="import_detail"),
    path("imports/<int:pk>/errors/", imports.errors, name="import_errors"),
    path("imports/<int:pk>/confirm/", imports.confirm, name="import_confirm"),
    path("imports/<int:pk>/discard/", imports.discard, name="import_discard"),
    path("holidays/", holidays.HolidayList.as_view(), name="holiday_list"),
    path("holidays/add/", holidays.HolidayCreate.as_view(), name="holiday_create"),
    path("holidays/fill/", holidays.fill, name="holiday_fill"),
    path("holidays/<int:pk>/", holidays.HolidayEdit.as_view(), name="holiday_edit"),
    path("holidays/<int:pk>/delete/", holidays.delete, name="holiday_delete"),
]
